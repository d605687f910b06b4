import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusSari, type SariScores, type Simplification, sentenceSari } from './sari.ts';
import { tokenize13a } from './tokenize-13a.ts';

interface Expected {
  readonly rows: readonly (Simplification & { readonly sentence: number; readonly easse: SariScores })[];
  readonly corpora: readonly (SariScores & { readonly references: number })[];
}

/** What SARI.py and EASSE gave for these rows: fixtures/ATTRIBUTION.md. */
const expected: Expected = JSON.parse(
  readFileSync(new URL('../../fixtures/sari-expected.json', import.meta.url), 'utf8'),
);

describe('SARI worked out by hand', () => {
  // "a b c" → "a b d", reference "a d". Orders 3 and 4 have no n-gram to keep or add in the reference.
  const row = { source: 'a b c', output: 'a b d', references: ['a d'] };

  it('for a sentence, as its authors do', () => {
    // Words: add d (1 of 1, of 1) 1; keep a, b: a right, p 1/2, r 1 → 2/3; delete c: right, 1.
    // Pairs: add "b d", wanted "a d": 0; keep "a b": none wanted, 0; delete "b c": right, 1.
    // Threes: add "a b d", none wanted: 0; nothing kept: 0; delete "a b c": right, 1. Fours: 0, 0, 0.
    const scores = sentenceSari(row);
    expect(scores.add).toBeCloseTo(100 / 4, 12);
    expect(scores.keep).toBeCloseTo((100 * 2) / 3 / 4, 12);
    expect(scores.delete).toBeCloseTo((100 * 3) / 4, 12);
    expect(scores.sari).toBeCloseTo((25 + 200 / 12 + 75) / 3, 12);
  });

  it('for a corpus, as EASSE does: F1 for deletions', () => {
    // Delete: c of {b, c}: p 1, r 1/2 → 2/3; "b c" of {"a b", "b c"}: 2/3; "a b c" of itself: 1; none.
    const scores = corpusSari([row]);
    expect(scores.delete).toBeCloseTo((100 * (2 / 3 + 2 / 3 + 1)) / 4, 12);
    expect(scores.add).toBeCloseTo(25, 12);
    expect(scores.keep).toBeCloseTo(200 / 12, 12);
  });
});

describe('SARI equals the reference implementations', () => {
  it.each(expected.rows)('$output', (row) => {
    expect(Math.abs(sentenceSari(row).sari - row.sentence)).toBeLessThan(1e-9);
    agree(corpusSari([row]), row.easse);
  });

  it.each(expected.corpora)('a corpus with $references references', (corpus) => {
    agree(corpusSari(expected.rows.filter((row) => row.references.length === corpus.references)), corpus);
  });

  it('has the values that the authors publish with SARI.py', () => {
    const published = [26.82782411698074, 58.89995423074248, 50.71608864657479];
    for (const [i, value] of published.entries()) {
      const row = expected.rows[i];
      if (row) expect(sentenceSari(row).sari).toBeCloseTo(value, 9);
    }
  });
});

function agree(ours: SariScores, theirs: SariScores): void {
  for (const key of ['sari', 'add', 'keep', 'delete'] as const) {
    expect(Math.abs(ours[key] - theirs[key]), key).toBeLessThan(1e-9);
  }
}

it('13a tokens', () => {
  expect(tokenize13a('It cost $3.50, "not" 4-5; U.S. rules.')).toEqual(
    'It cost $ 3.50 , " not " 4 - 5 ; U . S . rules .'.split(' '),
  );
  expect(tokenize13a('AT&amp;T well-known')).toEqual(['AT', '&', 'T', 'well-known']);
});
