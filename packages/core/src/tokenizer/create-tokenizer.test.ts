import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLevelJson, storiesJson, tokenizerJsons, tokenizerOf } from './test-support/tokenizers.ts';
import type { Tokenizer } from './tokenizer.ts';

interface ExpectedIds {
  readonly text: string;
  readonly stories260k: number[];
  readonly byteLevel: number[];
  readonly byteLevelPrefixed: number[];
}
const expectedIds: ExpectedIds[] = JSON.parse(
  readFileSync(new URL('./fixtures/expected-ids.json', import.meta.url), 'utf8'),
);

/** Ids of consecutive pieces: the first that is not empty begins the text. */
function encodeParts(tokenizer: Tokenizer, pieces: readonly string[]): number[] {
  const first = pieces.findIndex((piece) => piece !== '');
  const ids: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    const begins = i === first || tokenizer.startsAfter?.(ids.at(-1) ?? -1);
    ids.push(...tokenizer.encode(piece, begins ? 'start' : 'continuation'));
  }
  return ids;
}

/**
 * The text that comes back: tokenizers that mark spaces take a ▁ for one, and those that put no second space before a
 * text that begins with one can't tell the two apart.
 */
function comingBack(name: string, text: string, { addedTokens = [] }: Tokenizer): string {
  const marked = name.startsWith('byte level') ? text : text.replaceAll('▁', ' ');
  if (name === 'Metaspace first') return marked.replace(/^ /, '');
  if (!['Metaspace always', 'Metaspace, older spelling', 'byte level with prefix'].includes(name)) return marked;
  const literals = addedTokens.map(({ content }) => content.replaceAll('|', '\\|'));
  return marked.replace(new RegExp(`(^|${literals.join('|')}) `, 'g'), '$1');
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(' ', '\n', '\t', 'a', '▁', 'é', '\u00a0', '\ufeff', '👩‍👧', '<', '0x41>', '|') }),
  fc.constantFrom('', ' ', '  ', '\n', ' a', 'a ', '<unk>', '<|im_start|>', ' <|im_start|> '),
);

describe.each(Object.entries(tokenizerJsons))('a tokenizer: %s', (name, json) => {
  const tokenizer = tokenizerOf(json);

  it('gives back the text of any pieces', (context) => {
    // Every number gets a space of its own here, as in the reference.
    if (name === 'byte level after digits') context.skip();
    const pieces = fc.array(anyText, { maxLength: 4 });
    fc.assert(
      fc.property(pieces, (texts) => {
        expect(tokenizer.decode(encodeParts(tokenizer, texts))).toBe(comingBack(name, texts.join(''), tokenizer));
      }),
      { numRuns: 300 },
    );
  });

  it('gives back a continuation on its own, with the space it begins with', () => {
    for (const text of [' card', 'card', '  two', '\n']) {
      expect(tokenizer.decode(tokenizer.encode(text, 'continuation'), 'continuation')).toBe(text);
    }
  });

  it('leaves BOS and EOS out, wherever they stand', () => {
    const after = tokenizer.startsAfter?.(tokenizer.eosId) ? 'start' : 'continuation';
    const [a, b] = [tokenizer.encode('one', 'start'), tokenizer.encode('two', after)];
    const bos = tokenizer.bosId === undefined ? [] : [tokenizer.bosId];
    expect(tokenizer.decode([...bos, ...a, tokenizer.eosId, ...b, tokenizer.eosId])).toBe('onetwo');
    expect(tokenizer.decode([...bos, tokenizer.eosId])).toBe('');
  });

  it('produces ids below the size of its vocabulary only', () => {
    fc.assert(
      fc.property(anyText, (text) =>
        tokenizer.encode(text, 'start').every((id) => id >= 0 && id < tokenizer.vocabularySize),
      ),
      { numRuns: 50 },
    );
  });
});

describe('ids at the start of a text', () => {
  it('equal those of the reference implementation for Llama (legacy) and byte-level tokenizers', () => {
    const stories = tokenizerOf(storiesJson);
    const byteLevel = tokenizerOf(byteLevelJson);
    const prefixed = tokenizerOf(tokenizerJsons['byte level with prefix'] ?? byteLevelJson);
    expect(expectedIds.length).toBeGreaterThan(15);
    for (const expected of expectedIds) {
      expect(stories.encode(expected.text, 'start'), expected.text).toEqual(expected.stories260k);
      expect(byteLevel.encode(expected.text, 'start'), expected.text).toEqual(expected.byteLevel);
      expect(prefixed.encode(expected.text, 'start'), expected.text).toEqual(expected.byteLevelPrefixed);
    }
  });

  it('are the same for each SentencePiece-style way of putting the space', () => {
    const ids = ['Llama legacy (Prepend)', 'Metaspace always', 'Metaspace first', 'Metaspace, older spelling'].map(
      (name) => tokenizerOf(tokenizerJsons[name] ?? storiesJson).encode('Once upon a time', 'start'),
    );
    for (const other of ids) expect(other).toEqual(ids[0]);
  });

  it('put a space not before a special token, but after it', () => {
    const stories = tokenizerOf(storiesJson);
    expect(stories.encode('<unk>Once', 'start')).toEqual([0, ...stories.encode('Once', 'start')]);
    expect(stories.decode(stories.encode('<unk>Once<unk> upon', 'start'))).toBe('<unk>Once<unk> upon');
  });
});

describe('ids of a continuation', () => {
  it('have no stray space at the seam', () => {
    const stories = tokenizerOf(storiesJson);
    // "▁Once" at the start, "▁O" and "n" "ce" without its space further on.
    expect(stories.decode([...stories.encode('Label:\n', 'start'), ...stories.encode('Once', 'continuation')])).toBe(
      'Label:\nOnce',
    );
    expect(stories.encode(' Once', 'continuation')).toEqual(stories.encode('Once', 'start'));
    expect(stories.encode('Once', 'continuation')).not.toEqual(stories.encode('Once', 'start'));
  });

  it('recognise the literals of special tokens', () => {
    const byteLevel = tokenizerOf(byteLevelJson);
    expect(byteLevel.encode('<|im_start|>', 'continuation')).toEqual([1]);
  });
});

it('refuses a tokenizer with a step that it does not know, and says what to do', () => {
  expect(() => tokenizerOf({ ...storiesJson, normalizer: { type: 'Unheard' } })).toThrow(/can't be built[\s\S]*fix:/);
});
