import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { roleWeights } from '../batches/loss-weights.ts';
import { TokenRole, type WeightedExample } from '../tokenization/example.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import { previewExamples } from './preview-examples.ts';

const tokenizer = await loadTokenizer(fileURLToPath(new URL('../../../../models/stories260k', import.meta.url)));

function exampleOf(text: string): WeightedExample {
  const ids = Int32Array.from([
    tokenizer.bosId as number,
    ...tokenizer.encode(text, 'start'),
    tokenizer.eosId as number,
  ]);
  return {
    ids,
    roles: Uint8Array.from(ids, (_, i) => (i === 0 ? TokenRole.bos : TokenRole.assistant)),
    segmentWeights: new Float32Array(ids.length).fill(1),
    ...{ promptLength: 1, cutTokens: 0, cutAnswerTokens: 0, rowWeight: 1 },
    roleWeights: roleWeights({ promptLossWeight: 0, templateLossWeight: 0 }),
  };
}

const shown = (text: string) => {
  const example = exampleOf(text);
  const examples = { length: 1, lengths: [example.ids.length], at: () => example };
  return previewExamples(examples, { tokenizer, chat: undefined }, 3)[0];
};

it.each(['Once upon a time', '  two  spaces ', 'tabs\tand\nlines\n\n', 'crème brûlée, 東京 🎉👩‍👩‍👧 done'])(
  'gives each token what it adds to the text: %j',
  (text) => {
    const { ids = [], pieces = [], text: whole } = shown(text) ?? {};
    expect(whole).toBe(text);
    expect(pieces.join('')).toBe(text);
    // As decoding everything before a token says, which is what a piece is.
    let before = '';
    for (const [i, piece] of pieces.entries()) {
      const now = tokenizer.decode(ids.slice(0, i + 1), 'start');
      if (now.startsWith(before) && !now.endsWith('\ufffd')) {
        expect(before + piece).toBe(now);
        before = now;
      } else expect(piece).toBe('');
    }
  },
);

it('does not take the square of the time for a row that is ten times as long', () => {
  const seconds = (words: number) => {
    const begin = process.cpuUsage();
    shown('The little dog ran away. '.repeat(words / 5));
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e6;
  };
  seconds(500);
  expect(seconds(5000)).toBeLessThan(40 * Math.max(0.005, seconds(500)));
});
