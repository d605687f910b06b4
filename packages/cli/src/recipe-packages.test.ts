import { describe, expect, it } from 'vitest';
import { score } from './commands/score.ts';
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

  it(`has its own options as flags, such as ${flag}`, async () => {
    const { stdout } = await runWith([score], ['score', '--recipe', name, '--help'], { cwd: '/' });
    expect(stdout).toMatch(new RegExp(`The recipe's own options:[\\s\\S]* ${flag} `));
  });
});
