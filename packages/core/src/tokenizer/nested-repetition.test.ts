import { describe, expect, it } from 'vitest';
import { hasNestedRepetition } from './nested-repetition.ts';

const used = {
  gpt2: String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  llama3: String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  llama4: String.raw`[^\r\n\p{L}\p{N}]?((?=[\p{L}])([^a-z]))*((?=[\p{L}])([^A-Z]))+(?:'[sS]|'[tT])?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  o200k: String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t)?| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s+`,
  deepseek:
    '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+',
  bloom: ' ?[^(\\s|[.,!?…。，、।۔،])]+',
  numbers: String.raw`\d{1,3}(?=(?:\d{3})*\b)`,
};

describe('a repetition of repetitions', () => {
  it.each(Object.entries(used))('is not in the expression of %s', (_, source) => {
    expect(hasNestedRepetition(source)).toBe(false);
  });

  it.each(['((.*)*)*x', '(a+)+', '(?:a*b?)*', '(x(a{2,}))+?', '(a|(b+))*c', '(?:[)*]+)+', '(?:\\)+)+'])(
    'is in %s',
    (source) => {
      expect(hasNestedRepetition(source)).toBe(true);
    },
  );

  it.each(['(a+)?', '(a+){3}', '[(a+)+]', '\\(a+\\)+', '(a{2})+', '(?:a+)b+', '(', ')+', ''])(
    'is not in %s',
    (source) => {
      expect(hasNestedRepetition(source)).toBe(false);
    },
  );
});
