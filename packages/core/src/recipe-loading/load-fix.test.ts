import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadFix } from './load-fix.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterweight-load-fix-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files: Readonly<Record<string, string>> = {
  'package.json': '{"type": "commonjs"}',
  'common.ts': 'export default 1;',
  'import.ts': "import { join } from 'node:path'; join('a');",
  'lonely.mjs': "import 'no-such-package';",
  'newer.mjs': "import { notThereYet } from '@counterweight/core/recipe';",
  'deeper.mjs': "import '@counterweight/core/not-there-yet';",
  'own.mjs': "throw new Error('my own mistake');",
  'node_modules/@counterweight/core/package.json':
    '{"name": "@counterweight/core", "exports": {"./recipe": "./recipe.mjs"}}',
  'node_modules/@counterweight/core/recipe.mjs': 'export const other = 1;',
};

beforeAll(() => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

/** What Node itself says: the test's own import would go through a bundler. */
function messageOf(file: string): string {
  const program = 'import(process.argv[1]).catch((error) => process.stdout.write(error.message))';
  return spawnSync(process.execPath, ['-e', program, join(folder, file)], { encoding: 'utf8' }).stdout;
}

it.each([
  ['common.ts', /"type": "module"[\s\S]*[.]mts/],
  ['import.ts', /"type": "module"[\s\S]*[.]mts/],
  ['lonely.mjs', /npm install no-such-package/],
  ['newer.mjs', /different versions[\s\S]*npm install @counterweight[/]core@latest/],
  ['deeper.mjs', /different versions[\s\S]*npm install @counterweight[/]core@latest/],
  ['own.mjs', /with node alone/],
])('says what mends %s', (file, fix) => {
  const message = messageOf(file);
  expect(message).not.toBe('');
  expect(loadFix(message)).toMatch(fix);
});
