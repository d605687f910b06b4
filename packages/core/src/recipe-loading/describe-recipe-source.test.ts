import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeRecipeSource } from './describe-recipe-source.ts';

const cwd = mkdtempSync(join(tmpdir(), 'counterweight-source-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it('is the file and its hash, and the package with its version where there is one', () => {
  writeFileSync(join(cwd, 'own.ts'), 'export default 1;');
  expect(describeRecipeSource({ recipe: './own.ts', cwd })).toEqual({
    file: 'own.ts',
    sha256: sha256('export default 1;'),
  });
  const folder = join(cwd, 'node_modules', '@acme', 'recipe-claims');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const manifest = { name: '@acme/recipe-claims', version: '1.2.3', exports: './dist/index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'dist', 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'dist', 'index.js'), 'export default 2;');
  expect(describeRecipeSource({ recipe: '@acme/recipe-claims', cwd })).toEqual({
    file: 'index.js',
    sha256: sha256('export default 2;'),
    package: '@acme/recipe-claims',
    version: '1.2.3',
  });
});

it('is nothing for the recipe that is part of core', () => {
  expect(describeRecipeSource({ recipe: 'plain', cwd })).toBeUndefined();
});
