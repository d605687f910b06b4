import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainLayout } from '../recipe/recipe.ts';
import { referenceTokenizer } from '../tokenizer/test-support/reference.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { tokenizeExample } from './tokenize-example.ts';

/** What docs/rows-and-chat.md says of text that is tokenized part by part. */

const turn = (name: string) => ({ before: `<|end|>${name}\n`, after: '<|end|>\n' });
const layout: PlainLayout = {
  system: turn('system'),
  user: turn('user'),
  assistant: turn('assistant'),
  tool: turn('tool'),
};

function idsInParts(tokenizer: Tokenizer, content: string, answer: string): number[] {
  const example = tokenizeExample(
    { prompt: [{ role: 'user', text: content }], completion: [{ role: 'assistant', text: answer }] },
    { layout, tokenizer, maxLength: 10_000, maxNewTokens: 10, longAnswers: 'drop', where: 'row' },
  );
  if (typeof example === 'string') throw new Error(example);
  return [...example.ids];
}
const whole = (content: string, answer: string) => `<|end|>user\n${content}<|end|>\n<|end|>assistant\n${answer}<|end|>`;

const kinds = [
  'gpt2',
  'llama3',
  'qwen2-nfc',
  'gpt4o',
  'deepseek',
  'bpe-legacy',
  'bpe-gemma',
  'bpe-always-True',
  'bpe-first-False',
];
const words = fc.string({ unit: fc.constantFrom('a', 'E', ' ', 'l', '.', '7', '\n', 'é', '你'), maxLength: 12 });

describe.each(kinds)('%s: text that is tokenized in parts', (name) => {
  const tokenizer = referenceTokenizer(name);

  it('has the ids of the whole where parts meet at a special token or a line end, and go on with a letter', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [content, answer] = [`A${a}`, `L${b}`];
        expect(idsInParts(tokenizer, content, answer)).toEqual(tokenizer.encode(whole(content, answer), 'start'));
      }),
      { numRuns: 200 },
    );
  });

  it('has the same text wherever they meet', () => {
    fc.assert(
      fc.property(words, words, (content, answer) => {
        const ids = idsInParts(tokenizer, content, answer);
        const text = whole(content, answer);
        expect(tokenizer.decode(ids, 'start', 'keep')).toBe(name === 'qwen2-nfc' ? text.normalize('NFC') : text);
      }),
      { numRuns: 200 },
    );
  });
});

it('is cut where a token of the whole would reach over the boundary', () => {
  const tokenizer = referenceTokenizer('llama3');
  const inParts = idsInParts(tokenizer, '\n\nA', 'L');
  expect(inParts).not.toEqual(tokenizer.encode(whole('\n\nA', 'L'), 'start'));
  expect(inParts.length).toBeGreaterThanOrEqual(tokenizer.encode(whole('\n\nA', 'L'), 'start').length);
});
