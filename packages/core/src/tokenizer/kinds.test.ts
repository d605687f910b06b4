import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './create-tokenizer.ts';
import { byteLevelJson, storiesJson } from './test-support/tokenizers.ts';
import { type TokenizerJson, tokenizerJsonSchema } from './tokenizer-json.ts';

/** Tokenizers of the kinds that model families use, against the reference implementation: fixtures/make-kinds.py. */
interface Kind {
  readonly tokenizer: Record<string, unknown>;
  readonly expected: readonly { readonly text: string; readonly ids: number[] }[];
}
const kinds: Record<string, Kind> = JSON.parse(readFileSync(new URL('./fixtures/kinds.json', import.meta.url), 'utf8'));
const bases: Record<string, TokenizerJson> = {
  'llama 3': { ...byteLevelJson, model: { ...byteLevelJson.model, ignore_merges: true } },
  qwen: { ...byteLevelJson, model: { ...byteLevelJson.model, ignore_merges: true } },
  gemma: storiesJson,
};
const eosIds: Record<string, number> = { 'llama 3': 0, qwen: 0, gemma: 2, unigram: 2 };

describe.each(Object.entries(kinds))('a tokenizer of the kind of %s', (name, { tokenizer: steps, expected }) => {
  const json = tokenizerJsonSchema.parse({ ...bases[name], ...steps });
  const eosId = eosIds[name] as number;
  const tokenizer = createTokenizer({ json, bosId: undefined, eosId, where: 'fixture' });

  it('gives the reference’s ids', () => {
    for (const { text, ids } of expected) expect(tokenizer.encode(text, 'start'), JSON.stringify(text)).toEqual(ids);
  });

  it('gives back the text, Unicode normalisation aside', () => {
    for (const { text } of expected) {
      // Metaspace takes a space at the beginning for the one that it would put there.
      if (name === 'unigram' && text.startsWith(' ')) continue;
      const whole = name === 'qwen' ? text.normalize('NFC') : text;
      const halves = [text.slice(0, text.length >> 1), text.slice(text.length >> 1)];
      expect(tokenizer.decode(tokenizer.encode(text, 'start'))).toBe(whole);
      if (name === 'qwen' || halves.some((half) => half === '' || /\p{Surrogate}/u.test(half))) continue;
      const [first = '', second = ''] = halves;
      const ids = [...tokenizer.encode(first, 'start'), ...tokenizer.encode(second, 'continuation')];
      expect(tokenizer.decode(ids)).toBe(text);
    }
  });
});
