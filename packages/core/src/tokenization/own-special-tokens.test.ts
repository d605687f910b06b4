import { describe, expect, it } from 'vitest';
import type { PlainLayout, Segment } from '../recipe/recipe.ts';
import { storiesJson, tokenizerOf } from '../tokenizer/test-support/tokenizers.ts';
import { tokenizeExample, tokenizePrompt } from './tokenize-example.ts';

const bare = { before: '', after: '' };
const layout: PlainLayout = { system: bare, user: bare, assistant: bare, tool: bare };
const tokenizer = tokenizerOf(storiesJson);
const options = { layout, tokenizer, maxLength: 200, maxNewTokens: 8, longAnswers: 'drop' as const, where: 'row 1' };

function idsOf(prompt: readonly Segment[], answer: string): number[] {
  const example = tokenizeExample({ prompt, completion: [{ role: 'assistant', text: answer }] }, options);
  if (typeof example === 'string') throw new Error(`dropped: ${example}`);
  const asked = tokenizePrompt({ prompt }, options).ids;
  expect([...example.ids.subarray(0, example.promptLength)]).toEqual(asked);
  return [...example.ids];
}
const user = (text: string): Segment[] => [{ role: 'user', text }];

describe('a text that brings its own special tokens', () => {
  const plain = idsOf(user('Once upon a time'), ' there was a girl.');

  it.each([
    ['BOS', '<s>Once upon a time', ' there was a girl.'],
    ['an end', 'Once upon a time', ' there was a girl.</s>'],
    ['both', '<s>Once upon a time', ' there was a girl.</s>'],
    ['two of its own', '<s><s>Once upon a time', ' there was a girl.</s>'],
  ])('gets %s no second time', (_, prompt, answer) => {
    expect(idsOf(user(prompt), answer)).toEqual(plain);
  });

  it('gets no second end where white space follows its own', () => {
    const ids = idsOf(user('Once'), ' upon</s>\n');
    expect(ids.filter((id) => id === tokenizer.eosId)).toHaveLength(1);
  });

  it('gets no second BOS in the answer to an empty prompt', () => {
    expect(idsOf([], '<s>Once')).toEqual([1, ...tokenizer.encode('Once', 'start'), 2]);
  });

  it('keeps what stands in its middle, with the space that the tokenizer puts after it', () => {
    const turns: Segment[] = [...user('Once</s>'), { role: 'assistant', text: 'upon</s>' }, ...user('a')];
    const words = ['Once', 'upon', 'a'].flatMap((word) => [...tokenizer.encode(word, 'start'), 2]);
    expect(idsOf(turns, '')).toEqual([1, ...words]);
  });
});
