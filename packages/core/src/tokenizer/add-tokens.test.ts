import { expect, it } from 'vitest';
import { addTokens } from './add-tokens.ts';
import { byteLevelJson, storiesJson, tokenizerOf } from './test-support/tokenizers.ts';

it.each([
  ['a byte-level tokenizer', byteLevelJson],
  ['a SentencePiece-like tokenizer', storiesJson],
])('makes a text one token: %s', (_, json) => {
  const before = tokenizerOf(json);
  const after = tokenizerOf(addTokens(json, ['<tool>', '</tool>', '<tool>']));
  const first = before.vocabularySize;
  expect(after.vocabularySize).toBe(first + 2);
  expect(before.encode('<tool>', 'continuation').length).toBeGreaterThan(1);
  expect(after.encode('<tool>', 'continuation')).toEqual([first]);
  const ids = after.encode('Say <tool>x</tool>', 'start');
  expect(ids).toContain(first + 1);
  expect(after.decode(ids)).toBe('Say <tool>x</tool>');
  expect(after.encode('Say so.', 'start')).toEqual(before.encode('Say so.', 'start'));
});

it('keeps the ids of tokens that are there', () => {
  expect(addTokens(storiesJson, ['</s>']).added_tokens).toEqual(storiesJson.added_tokens);
  const [piece = ''] = Object.keys(storiesJson.model.vocab).filter((token) => /^[a-z]{3,}$/.test(token));
  expect(tokenizerOf(addTokens(storiesJson, [piece])).vocabularySize).toBe(512);
  expect(() => addTokens(storiesJson, [''])).toThrow(/no token/);
});
