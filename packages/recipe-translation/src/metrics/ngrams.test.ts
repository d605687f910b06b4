import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clippedMatches, codePoints, countsOf, numberedNgrams } from './ngrams.ts';
import { PairTable } from './pair-table.ts';

it('gives equal n-grams equal numbers', () => {
  const orders = [...numberedNgrams([codePoints('ababa')], 3)].length;
  expect(orders).toBe(3);
  const seen: number[][] = [];
  for (const { numbers } of numberedNgrams([codePoints('ababa')], 3)) seen.push(Array.from(numbers[0]!));
  expect(seen).toEqual([
    [0, 1, 0, 1, 0],
    [0, 1, 0, 1],
    [0, 1, 0],
  ]);
});

it('matches as counting substrings does, whatever the symbols', () => {
  const symbols = fc.array(fc.constantFrom('a', 'b', '🎉', '\u{20000}', 'é'), { maxLength: 40 });
  fc.assert(
    fc.property(symbols, symbols, (first, second) => {
      let order = 0;
      for (const { numbers, distinct } of numberedNgrams(
        [first, second].map((text) => codePoints(text.join(''))),
        6,
      )) {
        order += 1;
        const [ours, theirs] = numbers;
        expect(clippedMatches(ours!, countsOf(theirs!, distinct))).toBe(matchesByCounting(first, second, order));
      }
    }),
    { numRuns: 200 },
  );
});

function matchesByCounting(first: readonly string[], second: readonly string[], order: number): number {
  const gramsOf = (text: readonly string[]) =>
    text.slice(0, Math.max(0, text.length - order + 1)).map((_, at) => text.slice(at, at + order).join('|'));
  const left = gramsOf(second);
  return gramsOf(first).filter((gram) => {
    const found = left.indexOf(gram);
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  }).length;
}

it('tells pairs apart exactly, also after growing and clearing', () => {
  const table = new PairTable();
  for (let round = 0; round < 2; round++) {
    table.clear();
    const numbers = new Map<string, number>();
    for (let at = 0; at < 20_000; at++) {
      const [first, second] = [at % 150, (at * 7919) % 90_001];
      const number = table.numberOf(first, second);
      const key = `${first} ${second}`;
      expect(number).toBe(numbers.get(key) ?? numbers.size);
      numbers.set(key, number);
    }
    expect(table.size).toBe(numbers.size);
  }
});
