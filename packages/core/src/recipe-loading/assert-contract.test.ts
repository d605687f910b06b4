import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assertTaskOptions } from '../task/assert-task-options.ts';
import { version } from '../version.ts';
import { assertCoreIsNewEnough } from './assert-contract.ts';
import { resolveRecipe } from './resolve-recipe.ts';

const cwd = mkdtempSync(join(tmpdir(), 'counterweight-contract-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const recipeOf = (specificationVersion: number) => `{ specificationVersion: ${specificationVersion}, name: 'claims',
  options: {}, defaults: {}, layout: {}, parseRow: (row) => row, render: () => ({ prompt: [], completion: [] }), metrics: [] }`;

function writePackage(name: string, text: string, core: string): void {
  const folder = join(cwd, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  const manifest = { name, version: '2.0.0', type: 'module', exports: './index.js' };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ ...manifest, peerDependencies: { '@counterweight/core': core } }),
  );
  writeFileSync(join(folder, 'index.js'), text);
}

const refusalOf = (recipe: string) => resolveRecipe({ recipe, cwd }).catch((error: unknown) => error);

describe('a recipe that needs a newer contract', () => {
  it('says which one, which core has it, and how to get that', async () => {
    // A range that this core seems to satisfy: the recipe itself says what it needs.
    writePackage('counterweight-recipe-claims', `export default ${recipeOf(2)};`, '>=0.0.0');
    expect(await refusalOf('claims')).toMatchObject({
      name: 'UserError',
      code: 'recipe-invalid',
      problem: `Recipe "claims" has specificationVersion 2, and @counterweight/core ${version} knows 1`,
      fix: expect.stringContaining('npm install "@counterweight/core@>=0.0.0"'),
    });
  });

  it('is refused before its module runs where the package asks for a newer core', async () => {
    writePackage('counterweight-recipe-later', "throw new Error('was run');", '^9999.1.0');
    expect(await refusalOf('later')).toMatchObject({
      name: 'UserError',
      code: 'recipe-invalid',
      problem: `counterweight-recipe-later 2.0.0 needs @counterweight/core ^9999.1.0, and this is ${version}`,
      fix: expect.stringContaining('npm install "@counterweight/core@^9999.1.0"'),
    });
  });

  it('is refused in a program too', () => {
    const recipe = { specificationVersion: 2, name: 'claims' };
    expect(() => assertTaskOptions({ recipe, model: './model' })).toThrow(/specificationVersion 2[\s\S]*@latest/);
  });

  it('is told to be renewed itself where its contract is the older one', () => {
    const recipe = { specificationVersion: 0, name: 'claims' };
    expect(() => assertTaskOptions({ recipe, model: './model' })).toThrow('Install a newer version of the recipe');
  });
});

describe('assertCoreIsNewEnough', () => {
  const from = (core: string | undefined) => ({ name: 'recipe-claims', version: '1.0.0', core });

  it.each([
    ['^0.3.0', '0.2.9'],
    ['~1.0.1', '1.0.0'],
    ['>= 2.0.0', '1.9.9'],
    ['1.10.0', '1.9.0'],
  ])('refuses %s beside %s', (range, running) => {
    expect(() => assertCoreIsNewEnough(from(range), 'here', running)).toThrow(`needs @counterweight/core ${range}`);
  });

  it.each([
    ['^0.3.0', '0.3.0'],
    ['^0.3.0', '0.10.0'],
    ['^1.2.3', '1.2.3-next.1'],
    ['>=2.0.0', '3.0.0'],
    ['workspace:^', '0.0.0'],
    ['*', '0.0.0'],
    ['^0.3.0 || ^1.0.0', '1.0.0'],
    [undefined, '0.0.0'],
  ])('lets %s pass beside %s', (range, running) => {
    expect(() => assertCoreIsNewEnough(from(range), 'here', running)).not.toThrow();
  });
});
