import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepareTools } from './tools.ts';

/** `pnpm test:ecosystem`: left out, and said so, where the tools of the other ecosystems cannot be installed. */
try {
  prepareTools();
} catch (error) {
  console.log(`Left out: the tools of the other ecosystems cannot be installed here.\n${(error as Error).message}`);
  process.exit(0);
}
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', '--config', config], { stdio: 'inherit' });
process.exit(status ?? 1);
