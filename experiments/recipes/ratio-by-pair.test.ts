import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('gives the figures that the defaults of the translation recipe name', { timeout: 60_000 }, () => {
  const program = fileURLToPath(new URL('ratio-by-pair.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('translate all: R_g 0.35 ');
  expect(stdout).toContain('translate-formally all: R_g 0.45 ');
  expect(stdout).toContain('reply-in-two-languages all: R_g 1.43 ');
});
