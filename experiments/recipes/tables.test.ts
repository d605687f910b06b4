import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadTokenizer } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { measureRatio } from './ratio.ts';
import { readResults, type TaskResult } from './results.ts';
import { readmes, TOKENIZERS, written } from './tables.ts';
import { nameOf, openRecipe, tasks } from './tasks.ts';

const [OWN] = TOKENIZERS;
const tokenizer = await loadTokenizer(fileURLToPath(new URL('../../models/stories260k', import.meta.url)));
const { ratios } = readResults();
const measurable = tasks.filter(({ train }) => train !== undefined);

// Where one of these fails: measure-ratios.ts measures, write-tables.ts writes; a default is changed by hand.

it.each(measurable.map((task) => [nameOf(task), task] as const))(
  'R_g of %s is what its rows have',
  async (name, task) => {
    expect(ratios[name]?.[OWN]).toEqual(await measureRatio(task, tokenizer));
  },
);

it.each(measurable.map((task) => [nameOf(task), task] as const))(
  'defaults of %s say what was measured',
  (name, task) => {
    const { generationRatio, promptLossWeightReason } = openRecipe(task).defaults;
    const measured = ratios[name]?.[OWN]?.ratio as number;
    const said = Number(/R_g = ([\d.]*\d)/.exec(promptLossWeightReason)?.[1]);
    for (const ratio of [generationRatio, said]) expect(Math.abs(ratio - measured)).toBeLessThanOrEqual(0.0051);
  },
);

it('the READMEs say what results and defaults say', () => {
  for (const [recipe, file] of readmes) {
    const text = readFileSync(file, 'utf8');
    expect(text, recipe).toContain('<!-- weights -->');
    expect(text, recipe).toContain('<!-- measured -->');
    expect(text, recipe).toBe(written(recipe, text));
  }
});

describe('what was measured', () => {
  const at = (value: number) => ({ exactMatch: { value, interval: [value - 0.1, value + 0.1] as const } });
  const result: TaskResult = {
    ...{ train: 300, heldOut: 60, seeds: 2, training: {} },
    shown: [{ name: 'exactMatch', direction: 'higher-is-better' }],
    ...{ processor: 'p', cores: 2, day: '2026-01-01', minutes: 5 },
    systems: [
      { kind: 'unchanged', metrics: at(0.1) },
      { kind: 'baseline', name: 'most frequent label', metrics: at(0.2) },
      { kind: 'baseline', name: 'label of the nearest row', metrics: at(0.4) },
      {
        kind: 'tuned',
        weight: 0,
        metrics: at(0.7),
        overBaseline: { exactMatch: { value: 0.3, interval: [0.1, 0.5] } },
      },
      {
        ...{ kind: 'tuned', weight: 0.01, metrics: at(0.65) },
        overBaseline: { exactMatch: { value: 0.25, interval: [0.05, 0.45] } },
        overZero: { exactMatch: { value: -0.05, interval: [-0.1, 0.01] } },
      },
      { kind: 'tuned', weight: 0.1, metrics: at(0.5) },
    ],
  };

  it('stands in a row of the table, and what was not is named so', () => {
    const text = '<!-- measured -->\n<!-- end -->';
    const lines = written('support', text, { ratios, measured: { 'support/intent': { small: result } } }).split('\n');
    expect(lines.find((line) => line.startsWith('| `intent`'))).toBe(
      '| `intent` | small | `exactMatch` | 60 after 300, 2 | 0.1 (0 … 0.2) | 0.4 (0.3 … 0.5), label of the nearest row | ' +
        '0.7 (0.6 … 0.8) | 0.01: 0.65 (0.55 … 0.75) | 0.1: 0.5 (0.4 … 0.6) | 0.25 (0.05 … 0.45; 0.29) | −0.05 (−0.1 … 0.01; 0.079) |',
    );
    expect(lines.find((line) => line.startsWith('| `summary`'))).toContain('not measured yet');
  });
});
