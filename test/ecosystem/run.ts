import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepareTools } from './tools.ts';

/** The exit status of a test that was not run, as automake has it: neither passed nor failed. */
const SKIPPED = 77;

/** `pnpm test:ecosystem`: skipped, and said so, where the tools of the other ecosystems cannot be installed. */
try {
  prepareTools();
} catch (error) {
  console.log(`Skipped: the tools of the other ecosystems cannot be installed here.\n${(error as Error).message}`);
  process.exit(SKIPPED);
}
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', '--config', config], { stdio: 'inherit' });
process.exit(status ?? 1);
