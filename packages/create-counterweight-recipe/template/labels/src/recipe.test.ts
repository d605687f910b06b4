import { readFileSync } from 'node:fs';
import { recipeConformance } from '@counterweight/core/testing';
import { describe, expect, it } from 'vitest';
import { labels } from './labels.ts';
import { myDomain } from './recipe.ts';

const rows: unknown[] = readFileSync(new URL('../samples/rows.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const row = {
  myField: 'the words of myField',
  myAnswer: labels[0],
};

describe('myDomain conforms', () => {
  for (const check of recipeConformance({ recipe: myDomain(), rows })) it(check.name, check.run);
});

it('shows the fields, then gives the instruction', () => {
  const recipe = myDomain({ instruction: 'Be brief.' });
  const { prompt, completion } = recipe.render(recipe.parseRow(row));
  const lines = [
    'MyField: the words of myField', //
    'Be brief.',
  ];
  expect(prompt.map((segment) => segment.text).join('')).toBe(lines.join('\n'));
  expect(completion).toEqual([{ role: 'assistant', text: labels[0] }]);
});

it('measures exact match and macro F1', () => {
  const measure = (...texts: readonly string[]) =>
    myDomain().metrics.map((metric) =>
      metric.compute(texts.map((text, i) => ({ row: { ...row, myAnswer: labels[i === 0 ? 0 : 1] }, text }))),
    );
  expect(measure(labels[0], labels[1])).toEqual([1, 1]);
  // Of the first label one right and one too many, of the second one missed.
  expect(measure(labels[0], labels[0])).toEqual([1 / 2, 1 / 3]);
  expect(measure('something else', '')).toEqual([0, 0]);
});

it('refuses a label that is none of the set', () => {
  expect(() => myDomain().parseRow({ ...row, myAnswer: 'something else' })).toThrow(/myAnswer|something/);
});

it('names a field of a row that does not fit', () => {
  expect(() => myDomain().parseRow({ myAnswer: labels[0] })).toThrow(expect.objectContaining({ name: 'RowError' }));
});
