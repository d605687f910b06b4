import { readFileSync } from 'node:fs';
import type { Recipe } from '@counterweight/core/recipe';
import { recipeConformance } from '@counterweight/core/testing';
import { describe, expect, it } from 'vitest';
import { education } from './education.ts';

type Row = Record<string, unknown>;
const rowsOf = (name: string): Row[] =>
  readFileSync(new URL(`../fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const onestop = rowsOf('onestop-eval');
const gsm8k = rowsOf('gsm8k-eval');
const cima = rowsOf('cima-eval');
const bridge = rowsOf('bridge-eval');

function textOf<Row>(recipe: Recipe<Row>, row: unknown): string {
  const { prompt, completion } = recipe.render(recipe.parseRow(row));
  return [...prompt.map(({ text }) => text), '\n', ...completion.map(({ text }) => text)].join('');
}

describe.each([
  ['rewrite', education(), onestop.slice(0, 25)],
  ['rewrite for CEFR levels', education({ level: 'B1' }), onestop.slice(0, 25).map(({ level, ...row }) => row)],
  ['explain', education({ task: 'explain' }), gsm8k.slice(0, 15)],
  ['explain, worked solutions', education({ task: 'explain', finalAnswer: true }), gsm8k.slice(0, 15)],
  ['hint', education({ task: 'hint' }), cima.slice(0, 15)],
  ['hint at a level', education({ task: 'hint', level: 2, showAnswer: false }), cima.slice(0, 15)],
  ['feedback', education({ task: 'feedback' }), bridge.slice(0, 15)],
  [
    'feedback without the answer',
    education({ task: 'feedback', hideAnswer: true, level: 5 }),
    bridge.slice(0, 15).map((row) => ({ ...row, answer: '123456' })),
  ],
] as const)('%s conforms', (_, recipe, rows) => {
  for (const check of recipeConformance<never>({ recipe: recipe as Recipe<never>, rows })) it(check.name, check.run);
});

describe('a row to', () => {
  it('rewrite names the level', () => {
    expect(textOf(education(), { text: ' Long words. ', level: '6', rewritten: 'Short.' })).toBe(
      'Long words.\n\nRewrite this text for a reader in grade 6. Keep its meaning.\nShort.',
    );
    expect(textOf(education({ level: 'b1' }), { text: 'Long words.', level: '' })).toBe(
      'Long words.\n\nRewrite this text for a learner at CEFR level B1. Keep its meaning.\n',
    );
  });

  it('explain may ask for a final number', () => {
    const row = { question: 'How many?', level: 'K', explanation: 'Count.\n#### 2' };
    expect(textOf(education({ task: 'explain' }), row)).toBe(
      'How many?\n\nExplain it so that a student in kindergarten understands.\nCount.\n#### 2',
    );
    expect(textOf(education({ task: 'explain', finalAnswer: true }), row)).toContain(
      'Explain it step by step to a student in kindergarten. End with #### and the final number.',
    );
  });

  it('hint tells the answer or not, and shortens the work from its start', () => {
    const row = {
      problem: 'What is 6 · 7?',
      work: [
        { who: 'tutor', text: 'Well?' },
        { who: 'student', text: '36' },
      ],
      answer: 42,
      hint: 'Count on from 36.',
    };
    expect(textOf(education({ task: 'hint' }), row)).toBe(
      'Problem: What is 6 · 7?\nWork so far:\nTutor: Well?\nStudent: 36\nAnswer, to be kept secret: 42\n\n' +
        'Give the student a hint for the next step. Do not give the answer away.\nCount on from 36.',
    );
    const { prompt } = education({ task: 'hint', showAnswer: false }).render(
      education({ task: 'hint' }).parseRow({ ...row, level: 3 }),
    );
    expect(prompt.map(({ text }) => text).join('')).not.toContain('42');
    expect(prompt.map(({ text }) => text).join('')).toContain('the student, who is at grade 3, a hint');
    expect(prompt.filter(({ shorten }) => shorten)).toEqual([
      { role: 'user', text: 'Tutor: Well?\nStudent: 36', shorten: 'start', freedom: { part: 'work' } },
    ]);
  });

  it('give feedback on names lesson and strategy', () => {
    const row = { topic: 'Areas', work: '4 m', strategy: 'ask_question', feedback: 'What is the width?' };
    expect(textOf(education({ task: 'feedback' }), row)).toBe(
      'Lesson: Areas\nWork so far:\n4 m\n\nGive the student feedback on the last step: ask question.\nWhat is the width?',
    );
  });

  it.each([
    [education(), { text: 'x', rewritten: 'y' }, 'level', /"level" is missing/],
    [education(), { text: 'x', level: 'easy' }, 'level', /US grade from 0 to 16 or one of A1/],
    [education(), { text: ' ', level: 3 }, 'text', /"text" is empty/],
    [education({ task: 'hint' }), { problem: 'x' }, 'answer', /"answer" is missing/],
    [education({ task: 'feedback', hideAnswer: true }), { work: 'x' }, 'answer', /"answer" is missing/],
    [education({ task: 'feedback' }), { work: [{ who: 'me', text: 'x' }] }, 'work.0', /nobody is known as "me"/],
  ] as const)('is refused, naming the field', (recipe, row, field, message) => {
    expect(() => recipe.parseRow(row)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });
});

describe('metrics', () => {
  const scoreOf = <Row>(recipe: Recipe<Row>, name: string, pairs: readonly (readonly [unknown, string])[]) =>
    recipe.metrics
      .find((metric) => metric.name === name)
      ?.compute(pairs.map(([row, text]) => ({ row: recipe.parseRow(row), text })));

  it('of rewriting: copying keeps the meaning and misses the level', async () => {
    const copied = onestop.map((row) => [row, String(row.text)] as const);
    const right = onestop.map((row) => [row, String(row.rewritten)] as const);
    expect(await scoreOf(education(), 'meaningPreserved', copied)).toBe(1);
    expect(await scoreOf(education(), 'levelExact', right)).toBe(1);
    expect(await scoreOf(education(), 'levelKappa', right)).toBe(1);
    expect(await scoreOf(education(), 'levelExact', copied)).toBeLessThan(0.4);
    expect(await scoreOf(education(), 'sari', copied)).toBeLessThan(Number(await scoreOf(education(), 'sari', right)));
    expect(await scoreOf(education(), 'sari', right)).toBeCloseTo(100, 0);
  });

  it('of hints: the answer is withheld, and silence is no hint', async () => {
    const row = { problem: 'What is 6 · 7?', answer: '42' };
    const pairs = ['Count on from 36.', 'It is forty-two.', ''].map((text) => [row, text] as const);
    expect(await scoreOf(education({ task: 'hint' }), 'withholdsAnswer', pairs)).toBe(1 / 3);
  });

  it('of explanations: the final number counts, and is no part of the prose', async () => {
    const recipe = education({ task: 'explain', finalAnswer: true });
    const pairs = gsm8k.map((row) => [row, String(row.explanation)] as const);
    expect(await scoreOf(recipe, 'solutionAccuracy', pairs)).toBe(1);
    expect(await scoreOf(recipe, 'levelExact', pairs)).toBe(1);
    expect(
      await scoreOf(
        recipe,
        'solutionAccuracy',
        pairs.map(([row]) => [row, '#### 123456789'] as const),
      ),
    ).toBe(0);
  });

  it('of feedback: whether it asks where tutors ask', async () => {
    const row = { work: 'x', feedback: 'Why?' };
    const pairs = ['How?', 'No.', ''].map((text) => [row, text] as const);
    expect(await scoreOf(education({ task: 'feedback' }), 'asksLikeReference', pairs)).toBe(1 / 3);
  });
});

it('knows its options', () => {
  expect(education().options).toEqual({
    task: 'rewrite',
    gradeFormula: 'flesch-kincaid',
    dictionary: 'cmudict',
    cefrBands: { A1: 2, A2: 4, B1: 6, B2: 9, C1: 12 },
  });
  expect(education({ task: 'hint', level: 'grade 5' }).options).toMatchObject({
    level: { scale: 'grade', grade: 5 },
    showAnswer: true,
  });
  const options: [object, string][] = [
    [{ task: 'sing' }, 'task'],
    [{ task: 'rewrite', tusk: 1 }, 'tusk'],
    [{ task: 'hint', finalAnswer: true }, 'finalAnswer'],
    [{ level: 17 }, 'level'],
    [{ gradeFormula: 'guess' }, 'gradeFormula'],
    [{ cefrBands: { A1: 3, A2: 2, B1: 6, B2: 9, C1: 12 } }, 'cefrBands'],
  ];
  for (const [given, option] of options) {
    expect(() => education(given as never), JSON.stringify(given)).toThrow(expect.objectContaining({ option }));
  }
});

it.each(['onestop', 'gsm8k', 'cima', 'bridge'])('ships samples of %s that share no row', (name) => {
  const [training, evaluation] = [rowsOf(`${name}-train`), rowsOf(`${name}-eval`)];
  expect(training.length).toBeGreaterThanOrEqual(80);
  const known = new Set(training.map((row) => JSON.stringify(Object.values(row).slice(0, 2))));
  expect(evaluation.filter((row) => known.has(JSON.stringify(Object.values(row).slice(0, 2))))).toEqual([]);
});

it('fixture hints do not say the answer', () => {
  const recipe = education({ task: 'hint' });
  const rows = [...cima, ...rowsOf('cima-train')].map((row) => recipe.parseRow(row));
  const predictions = rows.map((row) => ({ row, text: row.hint ?? '' }));
  expect(recipe.metrics[0]?.compute(predictions)).toBe(1);
});
