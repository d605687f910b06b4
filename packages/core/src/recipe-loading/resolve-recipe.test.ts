import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveRecipe } from './resolve-recipe.ts';

let cwd: string;

const recipeText = (name: string) =>
  `{ specificationVersion: 1, name: ${name}, options: {}, defaults: {}, layout: {}, parseRow: (row) => row, render: () => ({ prompt: [], completion: [] }), metrics: [] }`;

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(cwd, path)), { recursive: true });
  await writeFile(join(cwd, path), text);
}

async function writePackage(name: string, text: string): Promise<void> {
  await write(
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, type: 'module', exports: { import: './index.js' } }),
  );
  await write(`node_modules/${name}/index.js`, text);
}

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'counterweight-recipes-'));
  await writePackage(
    '@counterweight/recipe-claims',
    `export const claims = (o = {}) => ({ ...${recipeText("'claims'")}, options: o });`,
  );
  await writePackage('counterweight-recipe-night-shift', `export const nightShift = ${recipeText("'night-shift'")};`);
  await writePackage('@acme/tickets', `export default () => (${recipeText("'tickets'")});`);
  await write('own.ts', `const name: string = 'own';\nexport default (${recipeText('name')});`);
  await write(
    'strict.js',
    `export default (o) => { if (o?.bad) throw new Error('bad is not allowed'); return ${recipeText("'strict'")} };`,
  );
  await write('empty.js', 'export const other = 1;');
  await write('half.js', 'export default { name: "half" };');
  await write('broken.js', 'export default {;');
  await write('lonely.js', "import 'no-such-package'; export default 1;");
});

afterAll(() => rm(cwd, { recursive: true }));

describe('resolveRecipe', () => {
  it.each([
    ['plain', 'plain'],
    ['claims', 'claims'],
    ['@counterweight/recipe-claims', 'claims'],
    ['night-shift', 'night-shift'],
    ['counterweight-recipe-night-shift', 'night-shift'],
    ['@acme/tickets', 'tickets'],
    ['./own.ts', 'own'],
    ['own.ts', 'own'],
  ])('finds %s', async (recipe, name) => {
    expect((await resolveRecipe({ recipe, cwd })).name).toBe(name);
  });

  it('finds an absolute path', async () => {
    expect((await resolveRecipe({ recipe: join(cwd, 'own.ts'), cwd })).name).toBe('own');
  });

  it('looks beside the program when the working directory has no such package', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'counterweight-elsewhere-'));
    await expect(resolveRecipe({ recipe: 'claims', cwd: elsewhere })).rejects.toThrow('no recipe "claims"');
    const program = pathToFileURL(join(cwd, 'program.js')).href;
    expect((await resolveRecipe({ recipe: 'claims', cwd: elsewhere, program })).name).toBe('claims');
    await rm(elsewhere, { recursive: true });
  });

  it("makes the recipe with the user's options", async () => {
    const recipe = await resolveRecipe({ recipe: 'claims', recipeOptions: { style: 'short' }, cwd });
    expect(recipe.options).toEqual({ style: 'short' });
  });

  it.each([
    ['unheard-of', /no recipe "unheard-of"[\s\S]*npm install @counterweight\/recipe-unheard-of/],
    ['@acme/none', /npm install @acme\/none/],
    ['./none.ts', /is not there/],
    ['./empty.js', /exports no recipe[\s\S]*as default or as "empty"/],
    ['./half.js', /is not a recipe/],
    ['./broken.js', /does not load[\s\S]*with node alone/],
    ['./lonely.js', /npm install no-such-package/],
  ])('says what is wrong with %s', async (recipe, message) => {
    const error = await resolveRecipe({ recipe, cwd }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'UserError', code: 'recipe-invalid', message: expect.stringMatching(message) });
  });

  it('sends nobody to a registry for a slip', async () => {
    const error = await resolveRecipe({ recipe: 'claimz', cwd }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ fix: expect.stringMatching(/^Did you mean claims[?]/) });
    expect((error as { fix: string }).fix).not.toContain('npm install');
  });

  it('passes on why a factory refuses its options', async () => {
    const bad = resolveRecipe({ recipe: './strict.js', recipeOptions: { bad: true }, cwd });
    await expect(bad).rejects.toThrow('bad is not allowed');
    const none = resolveRecipe({ recipe: './own.ts', recipeOptions: { a: 1 }, cwd });
    await expect(none).rejects.toThrow('takes no options');
  });
});
