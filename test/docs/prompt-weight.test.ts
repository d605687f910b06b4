import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { shortAnswerEvidence } from '@counterweight/core/recipe';
import { expect, it } from 'vitest';
import { openRecipe, tasks } from '../../experiments/recipes/tasks.ts';

/** What is said of prompt weights rests on what was measured, and says no more than that. */

const root = new URL('../../', import.meta.url);

const recipes = tasks.map((task) => openRecipe(task));

it('a recipe that weighs the prompt goes by our sweeps, or says that nobody has measured and which the baseline is', () => {
  const weighing = recipes.filter(({ defaults }) => defaults.promptLossWeight > 0);
  expect(weighing.length).toBeGreaterThan(10);
  for (const { defaults } of weighing) {
    const unmeasured = /nobody has measured .* baseline$/.test(defaults.promptLossWeightReason);
    if (!unmeasured) expect(defaults.promptLossWeightReason).toContain(shortAnswerEvidence);
  }
});

it('nothing promises steadiness', async () => {
  const said: string[] = [];
  const pages = [
    'README.md',
    'docs/*.md',
    'packages/*/README.md',
    'packages/*/src/**/*.ts',
    'examples/*.ts',
    'packages/*/template/**/*.{ts,md}',
  ];
  for await (const file of glob(pages, { cwd: root, exclude: (name) => name === 'node_modules' })) {
    const text = readFileSync(new URL(file, root), 'utf8');
    for (const line of text.split('\n')) if (/stead(ies|y)/i.test(line)) said.push(`${file}: ${line}`);
  }
  expect(said.map((line) => line.slice(0, 80))).toEqual([expect.stringContaining('It does not steady training')]);
});
