import { readFileSync } from 'node:fs';
import { recipeConformance } from '@counterweight/core/testing';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { support } from './support.ts';

const rowsOf = (name: string): Record<string, string>[] =>
  parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'), { columns: true });
const training = rowsOf('banking77-train.csv');
const evaluation = rowsOf('banking77-eval.csv');
const recipe = support();

describe('support conforms', () => {
  for (const check of recipeConformance({ recipe, rows: evaluation.slice(0, 40) })) it(check.name, check.run);
});

describe('a row', () => {
  const textOf = (row: unknown) => {
    const { prompt, completion } = recipe.render(recipe.parseRow(row));
    const { before, after } = recipe.layout.user;
    return [before, ...prompt.map((segment) => segment.text), after, ...completion.map((segment) => segment.text)].join(
      '',
    );
  };

  it('becomes the message, a short instruction, and the label as words', () => {
    expect(textOf({ message: ' Where is my card? ', problem: 'card_arrival' })).toBe(
      'Customer: Where is my card?\nName the problem in a few words.\ncard arrival',
    );
  });

  it('has no completion without its problem', () => {
    expect(recipe.render(recipe.parseRow({ message: 'Where is my card?' })).completion).toEqual([]);
    expect(recipe.render(recipe.parseRow({ message: 'Where is my card?', problem: ' ' })).completion).toEqual([]);
  });

  it.each([
    [{ text: 'x', category: 'y' }, 'message', /"message" is missing/],
    [{ message: '  ' }, 'message', /"message" does not fit/],
    [{ message: 'x', problem: 7 }, 'problem', /expected string, received number/],
  ])('is refused as %j, naming the field', (row, field, message) => {
    expect(() => recipe.parseRow(row)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });
});

it('knows its options', () => {
  expect(support().options).toEqual({ task: 'name-the-problem' });
  expect(support({ task: 'name-the-problem' }).options).toEqual({ task: 'name-the-problem' });
  expect(() => support({ task: 'sing' } as never)).toThrow(expect.objectContaining({ option: 'task' }));
  expect(() => support({ tusk: 1 } as never)).toThrow(expect.objectContaining({ option: 'tusk' }));
});

it('ships samples of 4,000 and 500 rows that share no message and have the same labels', () => {
  expect([training.length, evaluation.length]).toEqual([4000, 500]);
  const messages = new Set(training.map((row) => row.message?.toLowerCase()));
  expect(evaluation.filter((row) => messages.has(row.message?.toLowerCase()))).toEqual([]);
  const labels = (rows: typeof training) => [...new Set(rows.map((row) => row.problem))].sort();
  expect(labels(evaluation)).toEqual(labels(training));
  expect(labels(training)).toHaveLength(77);
});
