import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertMergesByToken, type Merge } from './spm-merges.ts';

const apart = new Set<string>();
const where = 'tokenizer.json';

/** As tokenizer.json says: the listed pair of the lowest rank first. */
function byRank(text: string, merges: readonly Merge[]): string[] {
  return mergedBy([...text], (left, right) => {
    const rank = merges.findIndex(([a, b]) => a === left && b === right);
    return rank < 0 ? undefined : -rank;
  });
}

/** As llama.cpp does: any two that are a token together, the highest score first. */
function byScore(text: string, merges: readonly Merge[]): string[] {
  return mergedBy([...text], (left, right) => {
    const rank = merges.findIndex(([a, b]) => a + b === left + right);
    return rank < 0 ? undefined : -rank;
  });
}

function mergedBy(tokens: string[], score: (left: string, right: string) => number | undefined): string[] {
  const scores = tokens.slice(1).map((right, i) => score(tokens[i] as string, right) ?? -Infinity);
  const best = Math.max(...scores, -Infinity);
  if (best === -Infinity) return tokens;
  const at = scores.indexOf(best);
  return mergedBy([...tokens.slice(0, at), `${tokens[at]}${tokens[at + 1]}`, ...tokens.slice(at + 2)], score);
}

/** Pairs of what there is already, as a tokenizer is learnt. */
const learnt = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 8 }).map((picks) => {
  const tokens = ['a', 'b', 'c'];
  const merges: [string, string][] = [];
  for (const [i, j] of picks) {
    const [left, right] = [tokens[i % tokens.length] as string, tokens[j % tokens.length] as string];
    if (merges.some(([a, b]) => a === left && b === right)) continue;
    merges.push([left, right]);
    if (!tokens.includes(left + right)) tokens.push(left + right);
  }
  return { merges, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])) };
});

const isAccepted = ({ merges, vocab }: { merges: readonly Merge[]; vocab: Record<string, number> }) => {
  try {
    assertMergesByToken(merges, { vocab, apart, where });
    return true;
  } catch {
    return false;
  }
};

describe('merges', () => {
  it('that are let pass give the same tokens in both orders', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((letters) => letters.join(''));
    let accepted = 0;
    fc.assert(
      fc.property(learnt, fc.array(texts, { minLength: 20, maxLength: 20 }), (tokenizer, samples) => {
        // One pair for each token: which of two pairs is leftmost is no matter of their ranks.
        const one = new Set(tokenizer.merges.map((pair) => pair.join(''))).size === tokenizer.merges.length;
        if (!one || !isAccepted(tokenizer)) return;
        accepted++;
        for (const text of samples) expect(byScore(text, tokenizer.merges)).toEqual(byRank(text, tokenizer.merges));
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it.each([
    [
      'a pair that is not listed',
      [
        ['a', 'b'],
        ['b', 'c'],
        ['a', 'bc'],
      ],
      /"ab" and "c" become "abc"/,
    ],
    [
      'a token made again later',
      [
        ['a', 'b'],
        ['b', 'c'],
        ['ab', 'c'],
        ['c', 'a'],
        ['a', 'bc'],
      ],
      /"a" and "bc" become "abc"/,
    ],
  ] as const)('are refused: %s', (_, merges, reason) => {
    const vocab = Object.fromEntries(
      ['a', 'b', 'c', ...merges.map((pair) => pair.join(''))].map((one, id) => [one, id]),
    );
    expect(() => assertMergesByToken(merges, { vocab, apart, where })).toThrow(reason);
    expect(() => assertMergesByToken(merges, { vocab, apart: new Set(['abc']), where })).not.toThrow();
  });
});
