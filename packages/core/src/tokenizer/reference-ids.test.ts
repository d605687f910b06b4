import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { matcherOf } from './pipeline/expression.ts';
import { reference, referenceTokenizer } from './test-support/reference.ts';

describe('ids of a whole text are those of the Rust tokenizer', () => {
  it.each(Object.keys(reference.kinds))('%s', (name) => {
    const tokenizer = referenceTokenizer(name);
    const ours = reference.texts.map((text) => tokenizer.encode(text, 'start').join(' '));
    expect(ours).toEqual(reference.kinds[name]?.ids);
    const random = reference.random.map((text) => tokenizer.encode(text, 'start').join(' '));
    // Where this one fails, test/reference/tokenizers/compare.ts says at which text.
    expect(createHash('sha256').update(random.join('\n')).digest('hex').slice(0, 16)).toBe(reference.kinds[name]?.hash);
  });
});

describe('a text without a place to cut', () => {
  it.each(['gpt2', 'llama3', 'bpe-legacy', 'unigram-always-True'])('is joined by the same merges: %s', (name) => {
    const tokenizer = referenceTokenizer(name);
    // A short word goes through all its pairs for every merge, a long one through a heap.
    const word = 'onceuponatimetherewasagirl'.repeat(400);
    const ids = tokenizer.encode(word, 'start');
    expect(tokenizer.decode(ids)).toBe(word);
    const period = tokenizer.encode('onceuponatimetherewasagirl'.repeat(40), 'start');
    expect(ids.slice(0, 60)).toEqual(period.slice(0, 60));
  });

  it.each(['gpt2', 'llama3', 'bpe-gemma'])('may have hundreds of thousands of characters: %s', (name) => {
    const tokenizer = referenceTokenizer(name);
    for (const character of [' ', 'a', '好', '😀']) {
      const text = character.repeat(200_000);
      expect(tokenizer.decode(tokenizer.encode(text, 'continuation'), 'continuation')).toBe(text);
    }
  });

  it('may be longer than what an expression can match at once', () => {
    const matches = matcherOf(/\p{L}+|\s+/gu)(`a b ${'𝒜'.repeat(3_000_000)} c`);
    expect(matches.slice(0, 4).map(({ to }) => to)).toEqual([1, 2, 3, 4]);
    expect(matches.at(-1)).toEqual({ from: 6_000_005, to: 6_000_006 });
    let end = 0;
    for (const { from, to } of matches) {
      expect(from).toBe(end);
      end = to;
    }
  });
});
