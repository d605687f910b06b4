import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const model = fileURLToPath(new URL('../../../models/stories260k', import.meta.url));

function outputOf(example: string, ...args: string[]): string {
  const path = fileURLToPath(new URL(`../examples/${example}`, import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}

it('compare-outputs tells two systems apart', () => {
  const output = outputOf('compare-outputs.ts');
  expect(output).toContain('BLEU: 28.4 (26.7 ± 23.1) → 88.0 (88.0 ± 13.6), p = 0.001');
  expect(output).toContain('nrefs:2|bs:1000|seed:12345|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0');
  expect(output).toContain('before: in English 0.88, copies of the source 0.13');
});

it('fine-tune trains, and measures before and after', () => {
  const folder = mkdtempSync(join(tmpdir(), 'translation-'));
  try {
    const output = outputOf('fine-tune.ts', model, join(folder, 'run'), '3');
    const [, before, after] = /completion loss: ([\d.]+) → ([\d.]+)/.exec(output) ?? [];
    expect(Number(after)).toBeLessThan(Number(before));
    expect(output).toMatch(/^glossaryCompliance: /m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('generation-ratio gives the figures that the defaults name', () => {
  const output = outputOf('generation-ratio.ts', model);
  expect(output).toContain('translate all: R_g 0.35 ');
  expect(output).toContain('translate-formally all: R_g 0.45 ');
  expect(output).toContain('reply-in-two-languages all: R_g 1.43 ');
});
