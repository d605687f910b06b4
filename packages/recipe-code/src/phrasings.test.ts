import { describe, expect, it } from 'vitest';
import { code } from './code.ts';

const source = 'const sum = (xs) => 0;';
const all = { description: 'Add the numbers of a list.', code: source };

describe.each([
  [
    'write-a-function',
    { description: 'Add the numbers of a list.', start: 'function sum(xs) {' },
    'Add the numbers of a list.\nWrite it in TypeScript. Begin with:\nfunction sum(xs) {',
    ['code', 'solve'],
  ],
  [
    'fix-a-bug',
    { ...all, error: '0 is not 3' },
    `Add the numbers of a list.\nThis TypeScript has a bug:\n${source}\nIt fails: 0 is not 3\nWrite it without the bug.`,
    ['wrong', 'find'],
  ],
  [
    'suggest-an-improvement',
    all,
    `Add the numbers of a list.\nThis TypeScript works and can be better:\n${source}\nMake it simpler, without changing what it does.`,
    ['improve', 'right'],
  ],
  [
    'write-tests',
    all,
    `Add the numbers of a list.\nThis is right:\n${source}\nWrite tests for it in TypeScript. Use node:assert.`,
    ['test', 'need'],
  ],
] as const)('%s', (task, row, words, names) => {
  const recipe = code({ task, passAt: [] });
  const { prompt } = recipe.render(recipe.parseRow(row));

  it('is asked in these words by default', () => expect(prompt.map(({ text }) => text).join('')).toBe(words));

  it('has other words for its instruction, one of them never trained on, and the same code in all', () => {
    const instructions = prompt.filter(({ phrasings }) => phrasings);
    expect(instructions.length).toBeGreaterThan(0);
    for (const { phrasings } of instructions) expect(Object.keys(phrasings ?? {})).toEqual([...names, 'heldOut']);
    const start = instructions.flatMap(({ phrasings }) => Object.values(phrasings ?? {}));
    if (task === 'write-a-function')
      for (const one of start) expect(one).toMatch(/ Begin with:\nfunction sum\(xs\) \{$/);
  });

  it('has no freedom but a slip in the description, in no word that the code has', () => {
    const free = prompt.flatMap(({ text, freedom }) => (freedom ? [{ text, ...freedom }] : []));
    const keep = expect.arrayContaining(['sum', 'xs']);
    expect(free).toEqual([{ text: 'Add the numbers of a list.', typing: true, keep }]);
  });
});

it('keeps the names that a description asks for', () => {
  const recipe = code({ passAt: [] });
  const description = 'Write a function named reverse, also called mirror_list.';
  expect(recipe.render(recipe.parseRow({ description })).prompt[0]?.freedom?.keep).toEqual(
    expect.arrayContaining(['typescript', 'reverse', 'mirror_list']),
  );
});

it('code is one answer whatever never shows, and another with another indentation', () => {
  const { normaliseAnswer = String } = code({ passAt: [] });
  expect(normaliseAnswer('\nif x:\n  y  \n\n')).toBe(normaliseAnswer('if x:\n  y'));
  expect(normaliseAnswer('if x:\n  y')).not.toBe(normaliseAnswer('if x:\ny'));
});
