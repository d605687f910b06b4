import { describe, expect, it } from 'vitest';
import { score } from './commands/score.ts';
import { recipeFlags } from './recipe-flags.ts';
import { resolveRecipe } from './resolve-recipe.ts';
import { runWith } from './test-support.ts';

/** The recipes of this repository, found by their names alone: the command line has no list of them. */
describe.each([
  ['code', '--unsafe-execution'],
  ['education', '--task'],
  ['retail', '--cutoffs'],
  ['support', '--task'],
  ['translation', '--task'],
])('the recipe %s', (name, flag) => {
  it('is found by its name', async () => {
    expect(await resolveRecipe({ recipe: name, cwd: '/' })).toMatchObject({ name });
  });

  it('says of every option what it does', async () => {
    const flags = await recipeFlags(['score', '--recipe', name], [score], '/');
    expect(flags.length).toBeGreaterThan(3);
    // What stands in brackets is choices and the default.
    expect(flags.filter(({ description }) => /^ *(\(|$)/.test(description)).map(({ flag: silent }) => silent)).toEqual(
      [],
    );
  });

  it(`has its own options as flags, such as ${flag}`, async () => {
    const { stdout } = await runWith([score], ['score', '--recipe', name, '--help'], { cwd: '/' });
    expect(stdout).toMatch(new RegExp(`The recipe's own options:[\\s\\S]* ${flag} `));
  });
});
