import { describe, expect, it } from 'vitest';
import { education } from './education.ts';

type Any = ReturnType<typeof education>;
const work = 'Student: I got 36.';

describe.each([
  [
    'rewrite',
    education(),
    { text: 'Water boils.', level: 6 },
    'Water boils.\n\nRewrite this text for a reader in grade 6. Keep its meaning.',
    ['say', 'write'],
  ],
  [
    'rewrite for learners',
    education(),
    { text: 'Water boils.', level: 'B1' },
    'Water boils.\n\nRewrite this text for a learner at CEFR level B1. Keep its meaning.',
    ['say', 'write'],
  ],
  [
    'explain',
    education({ task: 'explain' }),
    { question: 'Why?', level: 4 },
    'Why?\n\nExplain it so that a student in grade 4 understands.',
    ['to', 'answer'],
  ],
  [
    'explain with a number',
    education({ task: 'explain', finalAnswer: true }),
    { question: 'How much?', level: 4 },
    'How much?\n\nExplain it step by step to a student in grade 4. End with #### and the final number.',
    ['show', 'solve'],
  ],
  [
    'hint',
    education({ task: 'hint' }),
    { problem: 'What is 6 · 7?', work, answer: '42' },
    `Problem: What is 6 · 7?\nWork so far:\n${work}\nAnswer, to be kept secret: 42\n\n` +
      'Give the student a hint for the next step. Do not give the answer away.',
    ['help', 'what'],
  ],
  [
    'feedback',
    education({ task: 'feedback', hideAnswer: true }),
    { topic: 'Products', problem: 'What is 6 · 7?', work, answer: '42', strategy: 'ask', level: 3 },
    `Lesson: Products\nProblem: What is 6 · 7?\nWork so far:\n${work}\nAnswer, to be kept secret: 42\n\n` +
      'Give the student, who is at grade 3, feedback on the last step: ask. Do not give the answer away.',
    ['say', 'respond'],
  ],
] as const)('%s', (_, recipe, row, words, names) => {
  const { parseRow, render } = recipe as Any;
  const { prompt } = render(parseRow(row));

  it('is asked in these words by default', () => expect(prompt.map(({ text }) => text).join('')).toBe(words));

  it('has other words for its instruction, one of them never trained on', () => {
    expect(Object.keys(prompt.at(-1)?.phrasings ?? {})).toEqual([...names, 'heldOut']);
  });

  it('has no freedom in what a student wrote, nor in the case of a text that is rewritten', () => {
    const free = prompt.filter(({ text }) => text === work || text === 'Water boils.').map(({ freedom }) => freedom);
    for (const freedom of free) expect(freedom?.case).toBeUndefined();
    expect(prompt.find(({ text }) => text === work)?.freedom?.typing).toBeUndefined();
  });
});

it('what a tutor knows may be told in any order', () => {
  const { parseRow, render } = education({ task: 'hint' });
  const { prompt } = render(parseRow({ problem: 'What?', work, answer: '42' }));
  expect(prompt.map(({ freedom }) => freedom?.part)).toEqual(['problem', 'work', 'work', 'work', 'answer', undefined]);
});
