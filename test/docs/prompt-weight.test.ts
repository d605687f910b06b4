import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { longAnswerEvidence, shortAnswerEvidence } from '@counterweight/core/recipe';
import { weightAdvice } from '@counterweight/core/report';
import { expect, it } from 'vitest';
import { openRecipe, tasks } from '../../experiments/recipes/tasks.ts';

/** What is said of prompt weights rests on what was measured, and says no more than that. */

const root = new URL('../../', import.meta.url);

const recipes = tasks.map((task) => openRecipe(task));

it.each(recipes)('$name begins where sweeps near it say, or says why it does not', ({ defaults }) => {
  const { promptLossWeight, promptLossWeightReason: reason, generationRatio } = defaults;
  const advised = weightAdvice(generationRatio).promptLossWeight;
  if (promptLossWeight > 0) {
    expect(reason).toContain(shortAnswerEvidence);
    // Of what lies farther from every sweep than twice its R_g, nothing is advised.
    expect([promptLossWeight, null]).toContain(advised);
  } else if (advised !== 0) {
    const isOfNoUse = /works against the task|is not to be learnt/.test(reason);
    expect(isOfNoUse || reason.includes(longAnswerEvidence)).toBe(true);
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
