import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type Means, newcomer } from './newcomer.ts';

const NAME = 'counterweight-recipe-triage';
const ROWS = ['shipping', 'billing', 'shipping', 'billing'].map((team, at) =>
  JSON.stringify({ subject: `Question ${at}`, body: `It is about ${team}.`, team }),
);

/** `npm create` makes a recipe that tests, builds and publishes itself; somebody else trains with it by its name. */
export async function withCreatedRecipe(means: Means): Promise<void> {
  const author = newcomer('author', means);
  const fields = ['--fields', 'subject,body', '--answer', 'team', '--labels', 'billing,shipping', '--license', 'MIT'];
  await author.run('npm', 'create', '--yes', 'counterweight-recipe', NAME, '--', ...fields);
  const folder = join(author.project, NAME);
  await author.run('npm', '--prefix', folder, 'install');
  // What it publishes has been checked, tested and built before: `prepublishOnly` of the template.
  const said = await author.run('npm', 'publish', folder);
  if (!/Tests .*\d+ passed/.test(stripVTControlCharacters(said)))
    throw new Error(`no tests before publishing: ${said}`);

  const user = newcomer('user-of-a-recipe', means);
  const model = '@counterweight/stories260k';
  user.write('package.json', '{ "private": true }');
  user.write('rows.jsonl', ROWS.join('\n'));
  await user.run('npm', 'install', NAME, '@counterweight/core', '@counterweight/cli', model);
  const train = ['train', '--recipe', 'triage', '--model', model, '--data', 'rows.jsonl', '--output', 'run'];
  await user.run('npx', 'counterweight', ...train, '--max-steps', '1');
  const { recipe } = JSON.parse(readFileSync(join(user.project, 'run/run.json'), 'utf8'));
  if (recipe.name !== 'triage') throw new Error(`the run's recipe is ${JSON.stringify(recipe)}`);
}
