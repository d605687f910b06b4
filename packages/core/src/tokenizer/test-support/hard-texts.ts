import { createRandom } from '../../random.ts';
import { reference } from './reference.ts';

/** What tokenizers fall over: spaces of all kinds, line ends, digits, marks, scripts without spaces, emoji, code, quotes. */
const PIECES = [
  ...['  ', '   ', '\t', '\n', '\r\n', '\n\n\n', '\u00a0', '\u2003', '\u200b', '\ufeff', ' \n ', '\v', '\u2028'],
  ...["'s", "'LL", '’s', "don't", "I'm", "'", '"', '``', "''", '...', '…', '—', '--', '<', '>', '</s>', '<|x|>', '<s'],
  ...['0', '12', '123', '1234', '12345678', '3.14', '1,000', '٣٤٥', '²', '½', 'Ⅷ', '一二三'],
  ...[
    'e\u0301',
    'é',
    'ñ',
    'Å',
    'ﬁ',
    'ß',
    'İ',
    'ǅ',
    'ё',
    'Ω',
    'ﷺ',
    'שלום',
    'مرحبا',
    'हिन्दी',
    'ไทยแลนด์',
    '日本語',
    '中文。',
    '한국어',
  ],
  ...[
    '😀',
    '👨‍👩‍👧',
    '🇫🇷',
    '👍🏽',
    '𝒜',
    '\u{10ffff}',
    '\u0000',
    '\u0007',
    '\ufffd',
    '▁',
    '▁▁',
    'Ġ',
    '<0x41>',
    '[PAD1]',
  ],
  ...[
    'Once upon a time',
    'HELLO',
    'camelCaseWord',
    'snake_case',
    'x=1;',
    'f(x)',
    '{"a":[1]}',
    'http://a.b/c?d=e',
    '#!',
    '$$',
    '@@',
  ],
  ...['the', 'The', ' the', 'a', ' a', 'ing', 'Lily', ' was', '.', ', ', '!', '?', ' ', ' '],
];

/**
 * Texts that are hard to tokenize, the same ones for a seed.
 * @param special literals of special tokens, to stand among them
 */
export function hardTexts(count: number, special: readonly string[] = [], seed = 16): string[] {
  const random = createRandom(seed);
  const pick = (from: readonly string[]) => from[random.integer(from.length)] as string;
  const fixed = ['', ' ', ...reference.texts, ...reference.random];
  const pieces = [...PIECES, ...special];
  const made = Array.from({ length: Math.max(0, count - fixed.length) }, () =>
    Array.from({ length: 1 + random.integer(12) }, () =>
      random.integer(9) === 0 ? anyCharacter() : pick(pieces),
    ).join(''),
  );
  return [...fixed, ...made].slice(0, count);

  /** No half of a pair. */
  function anyCharacter(): string {
    const code = random.integer(0x11_0000 - 0x800);
    return String.fromCodePoint(code < 0xd800 ? code : code + 0x800);
  }
}
