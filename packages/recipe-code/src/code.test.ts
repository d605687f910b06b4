import { readFileSync } from 'node:fs';
import { recipeConformance } from '@counterweight/core/testing';
import { describe, expect, it } from 'vitest';
import { code } from './code.ts';
import type { Task } from './options.ts';
import { hasSandbox } from './test-support.ts';

const available = await hasSandbox();
const files: Readonly<Record<Task, string>> = {
  'write-a-function': 'functions',
  'fix-a-bug': 'bugs',
  'suggest-an-improvement': 'improvements',
  'write-tests': 'tests',
};
const tasks = Object.keys(files) as Task[];
const rowsOf = (task: Task): Record<string, unknown>[] =>
  readFileSync(new URL(`../fixtures/${files[task]}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
/** A few rows from the beginning, the middle and the end, which are in different languages. */
const someRowsOf = (task: Task) => {
  const rows = rowsOf(task);
  return [0, Math.floor(rows.length / 2), rows.length - 1].flatMap((i) => rows[i] ?? []);
};

describe.each(tasks)('%s conforms', (task) => {
  const recipe = code({ task, limits: { timeoutSeconds: 60 }, ...(available ? {} : { passAt: [] }) });
  for (const check of recipeConformance({ recipe, rows: someRowsOf(task) })) it(check.name, check.run);
});

describe('prompts', () => {
  const textOf = (task: Task, row: unknown) => {
    const recipe = code({ task });
    const { prompt, completion } = recipe.render(recipe.parseRow(row));
    return [prompt, completion].map((segments) => segments.map(({ text }) => text).join(''));
  };

  it('to write a function', () => {
    const row = { description: 'Adds two numbers.', start: 'const add = (a: number, b: number) =>' };
    expect(
      textOf('write-a-function', { ...row, solution: 'const add = (a: number, b: number) => a + b;\r\n' }),
    ).toEqual([
      'Adds two numbers.\nWrite it in TypeScript. Begin with:\nconst add = (a: number, b: number) =>',
      'const add = (a: number, b: number) => a + b;',
    ]);
    expect(textOf('write-a-function', { description: 'Adds.', language: 'python' })).toEqual([
      'Adds.\nWrite it in Python.',
      '',
    ]);
  });

  it('to fix a bug', () => {
    const row = { language: 'python', code: 'def add(a, b):\n  return a - b', error: 'add(1, 2) is -1' };
    expect(textOf('fix-a-bug', row)[0]).toBe(
      'This Python has a bug:\ndef add(a, b):\n  return a - b\nIt fails: add(1, 2) is -1\nWrite it without the bug.',
    );
  });

  it('to suggest an improvement', () => {
    expect(textOf('suggest-an-improvement', { code: 'const x = 1 + 1;' })[0]).toBe(
      'This TypeScript works and can be better:\nconst x = 1 + 1;\nMake it simpler, without changing what it does.',
    );
  });

  it('to write tests', () => {
    const row = {
      language: 'javascript',
      description: 'Adds.',
      code: 'const add = (a, b) => a + b;',
      tests: 'assert(1)',
    };
    expect(textOf('write-tests', row)).toEqual([
      'Adds.\nThis is right:\nconst add = (a, b) => a + b;\nWrite tests for it in JavaScript. Use node:assert.',
      'assert(1)',
    ]);
  });
});

it('takes rows in the language of the option unless they name one, and tests as a list', () => {
  const recipe = code({ language: 'python' });
  expect(recipe.parseRow({ description: 'd', tests: ['assert f(1)', 'assert f(2)'] })).toEqual({
    task: 'write-a-function',
    language: 'python',
    description: 'd',
    tests: 'assert f(1)\nassert f(2)',
  });
  expect(recipe.parseRow({ description: 'd', language: 'javascript' }).language).toBe('javascript');
});

it.each([
  ['write-a-function', { solution: 'x' }, 'description'],
  ['write-a-function', { description: 'x', language: 'cobol' }, 'language'],
  ['fix-a-bug', { code: ' \n ' }, 'code'],
  ['write-tests', { code: 'x', faults: 'y' }, 'faults'],
] as const)('for %s refuses %j, naming the field', (task, row, field) => {
  expect(() => code({ task }).parseRow(row)).toThrow(expect.objectContaining({ name: 'RowError', field }));
});

it('knows its options', () => {
  expect(code().options).toMatchObject({ task: 'write-a-function', language: 'typescript', unsafeExecution: false });
  expect(() => code({ task: 'sing' } as never)).toThrow(expect.objectContaining({ option: 'task' }));
  expect(() => code({ limits: { processes: 1 } })).toThrow(expect.objectContaining({ option: 'limits.processes' }));
  expect(code({ passAt: [1, 10, 1] }).metrics.map(({ name }) => name)).toEqual([
    'passAt1',
    'passAt10',
    'notTested',
    'compileRate',
    'editSimilarity',
    'exactMatch',
  ]);
});
