import { readFileSync } from 'node:fs';
import { recipeConformance } from '@counterweight/core/testing';
import { describe, expect, it } from 'vitest';
import { myDomain } from './recipe.ts';

const rows: unknown[] = readFileSync(new URL('../samples/rows.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const row = {
  myField: 'the words of myField',
  myAnswer: 'pure water',
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
  expect(completion).toEqual([{ role: 'assistant', text: 'pure water' }]);
});

it('measures exact match and the overlap of words', () => {
  const measure = (text: string) => myDomain().metrics.map((metric) => metric.compute([{ row, text }]));
  expect(measure(' Pure water\n')).toEqual([1, 1]);
  expect(measure('cold water')).toEqual([0, 1 / 3]);
  expect(measure('')).toEqual([0, 0]);
});

it('names a field of a row that does not fit', () => {
  expect(() => myDomain().parseRow({ myAnswer: '42' })).toThrow(expect.objectContaining({ name: 'RowError' }));
});
