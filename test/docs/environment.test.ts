import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['packages/*/src/**/*.ts', 'packages/core/native/**/*.cc'];

it('the table of environment variables has every one of ours and of the hub that is read', () => {
  const table = readFileSync(`${root}packages/cli/README.md`, 'utf8').split('### Environment variables')[1] ?? '';
  const files = globSync(sources, { cwd: root, exclude: ['**/node_modules/**', '**/*.test.ts', '**/test-support.ts'] });
  expect(files.length).toBeGreaterThan(500);
  const read = new Set(
    files.flatMap((file) => {
      const text = readFileSync(`${root}${file}`, 'utf8');
      const isReader = /process\.env|\benv\.|getenv/.test(text);
      return isReader ? [...text.matchAll(/\b(COUNTERWEIGHT|HF)_[A-Z_]*[A-Z]\b/g)].map(([name]) => name) : [];
    }),
  );
  expect(read).toContain('COUNTERWEIGHT_KERNELS');
  expect([...read].filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
