import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findChromium } from './find-chromium.ts';

/** The exit status of a test that was not run, as automake has it: neither passed nor failed. */
const SKIPPED = 77;

/** `pnpm test:browser`: skipped, and said so, where there is no browser. */
if (findChromium() === undefined) {
  console.log('Skipped: there is no Chromium on the PATH, and COUNTERWEIGHT_CHROMIUM names none.');
  process.exit(SKIPPED);
}
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', '--config', config], { stdio: 'inherit' });
process.exit(status ?? 1);
