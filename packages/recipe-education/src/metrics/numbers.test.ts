import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbersOf, tokensOf } from './numbers.ts';

describe('a number', () => {
  it.each([
    ['72', [72]],
    ['72.00', [72]],
    ['$1,000.50', [1000.5]],
    ['12,34', [12, 34]],
    ['seventy-two', [72]],
    ['Seventy two apples', [72]],
    ['one hundred and five', [105]],
    ['two hundred thousand and fifty-one', [200051]],
    ['three million two hundred thousand', [3200000]],
    ['twelve hundred', [1200]],
    ['3 million', [3000000]],
    ['a dozen eggs, two dozen more', [12, 24]],
    ['a hundred', [100]],
    ['½', [0.5]],
    ['1/2 or half or 0.5 or .5', [0.5, 0.5, 0.5, 0.5]],
    ['2½ and 2 1/2 and two and a half', [2.5, 2.5, 2.5]],
    ['three quarters', [0.75]],
    ['work out 48/2', [48, 2]],
    ['7２', [72]],
    ['the 4th fact, fourth', []],
    ['one, two, three', [1, 2, 3]],
    ['five and six', [5, 6]],
    ['twenty thirty', [20, 30]],
    ['ten two', [10, 2]],
    ['someone told anyone', []],
    ['10 20', [10, 20]],
  ])('%s is %j', (text, numbers) => {
    expect(numbersOf(text)).toEqual(numbers);
  });

  it('is the same in words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (number) => {
        expect(numbersOf(inWords(number))).toEqual([number]);
        expect(numbersOf(number.toLocaleString('en-US'))).toEqual([number]);
      }),
    );
  });
});

it('words are lower case, without accents and punctuation', () => {
  expect(tokensOf('L’albero è “rosa”: three!')).toEqual(["l'albero", 'e', 'rosa', 3]);
});

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function inWords(number: number): string {
  if (number < 20) return SMALL[number] ?? '';
  if (number < 100) return `${TENS[Math.floor(number / 10)]}${number % 10 ? `-${SMALL[number % 10]}` : ''}`;
  for (const [scale, name, and] of [
    [1e6, 'million', ' '],
    [1e3, 'thousand', ' '],
    [100, 'hundred', ' and '],
  ] as const) {
    if (number < scale) continue;
    const rest = number % scale;
    return `${inWords(Math.floor(number / scale))} ${name}${rest ? and + inWords(rest) : ''}`;
  }
  return '';
}
