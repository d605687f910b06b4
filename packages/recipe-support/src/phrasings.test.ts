import { describe, expect, it } from 'vitest';
import { support } from './support.ts';

type Any = ReturnType<typeof support>;
const labels = ['refund', 'late delivery', 'broken'];
const dialogue = 'Customer: It came late.\nAgent: Sorry.';

/** Names of phrasings never change: runs are compared by them. Nor do the default words: models are trained on them. */
describe.each([
  [
    'name the problem',
    support(),
    { message: 'Late!' },
    'Late!\nName the problem in a few words.',
    ['question', 'short'],
  ],
  [
    'intent',
    support({ task: 'intent' }),
    { message: 'Late!' },
    'Late!\nWhat does the customer want?',
    ['order', 'intent'],
  ],
  [
    'intent of a set',
    support({ task: 'intent', labels, labelsInPrompt: true }),
    { message: 'Late!' },
    'Late!\nWhat does the customer want? Choose from: refund; late delivery; broken.',
    ['order', 'intent'],
  ],
  [
    'next action',
    support({ task: 'next-action' }),
    { dialogue },
    `${dialogue}\nWhat does the agent do next?`,
    ['order', 'step'],
  ],
  [
    'one-sentence summary',
    support({ task: 'one-sentence-summary' }),
    { dialogue },
    `${dialogue}\nSummarize the conversation in one sentence.`,
    ['question', 'give'],
  ],
  [
    'summary',
    support({ task: 'summary', maxWords: 12, style: 'to-the-customer' }),
    { dialogue },
    `${dialogue}\nSummarize the conversation in at most 12 words, in plain and friendly words, as a note to the customer.`,
    ['length', 'give'],
  ],
] as const)('%s', (_, recipe, row, words, names) => {
  const { parseRow, render } = recipe as Any;
  const { prompt } = render(parseRow(row));

  it('is asked in these words by default', () => expect(prompt.map(({ text }) => text).join('')).toBe(words));

  it('has other words for its instruction, one of them never trained on', () => {
    const [instruction] = prompt.filter(({ phrasings }) => phrasings);
    expect(Object.keys(instruction?.phrasings ?? {})).toEqual([...names, 'heldOut']);
  });

  it('takes what people write as they write it', () => {
    expect(prompt[0]?.freedom).toEqual({ case: true, typing: true });
  });
});

it('all phrasings hold what is asked for: the labels, in any order, and the length', () => {
  const { parseRow, render } = support({ task: 'intent', labels, labelsInPrompt: true }) as Any;
  const [, instruction] = render(parseRow({ message: 'Late!' })).prompt;
  expect(instruction?.freedom).toEqual({ items: labels });
  for (const words of Object.values(instruction?.phrasings ?? {})) {
    expect(words).toMatch(/^\n\S.* Choose from: refund; late delivery; broken\.$/);
  }
  const summary = support({ task: 'summary', maxWords: 12 }) as Any;
  const [, asked] = summary.render(summary.parseRow({ dialogue })).prompt;
  for (const words of Object.values(asked?.phrasings ?? {})) expect(words).toContain('12 words');
});

it('labels are one answer however they are spelt, summaries are not', () => {
  expect(support().normaliseAnswer?.('Card_Arrival. ')).toBe(support().normaliseAnswer?.('card arrival'));
  expect(support({ task: 'summary' }).normaliseAnswer).toBeUndefined();
});
