import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hasRay } from './ray.ts';
import { hasSlurm } from './slurm.ts';

/** The exit status of a test that was not run, as automake has it: neither passed nor failed. */
const SKIPPED = 77;
/** Together, on both clusters. */
const FAULTS = Number(process.argv[2] ?? 50);

/**
 * `pnpm test:cluster [FAULTS]`: executors on a real Slurm and a real Ray, sweeps in object storage, and a sweep on each cluster in
 * which things go wrong, fifty where nothing is said. Where one of them cannot be had the other is tested; where neither can it
 * is skipped, and said so.
 */
const here = { slurm: hasSlurm(), ray: hasRay() };
const there = Object.entries(here).flatMap(([name, isHere]) => (isHere ? [name] : []));
for (const name of Object.keys(here))
  if (!there.includes(name)) console.log(`Skipped: ${name} cannot be installed here.`);
if (there.length === 0) process.exit(SKIPPED);

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const succeeds = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'inherit' }).status === 0;
const results = [
  succeeds('pnpm', 'exec', 'vitest', 'run', '--config', at('vitest.config.ts')),
  ...there.map((name) =>
    succeeds(process.execPath, '--no-warnings', at('faults.ts'), name, String(FAULTS / there.length)),
  ),
];
process.exit(results.every(Boolean) ? 0 : 1);
