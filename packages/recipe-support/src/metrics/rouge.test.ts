import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rougeL, rougeLsum, rougeN } from './rouge.ts';
import { rougeTokens } from './rouge-tokens.ts';

type Triple = readonly [precision: number, recall: number, f1: number];
interface Case {
  readonly reference: string;
  readonly output: string;
  readonly stemmer: boolean;
  readonly rouge1: Triple;
  readonly rouge2: Triple;
  readonly rougeL: Triple;
  readonly rougeLsum: Triple;
}

const cases: Case[] = JSON.parse(readFileSync(new URL('../../fixtures/rouge-expected.json', import.meta.url), 'utf8'));

it('equals rouge_score to 1e-12, with and without stems, on one line and several', () => {
  expect(cases).toHaveLength(120);
  for (const { reference, output, stemmer, ...expected } of cases) {
    const actual = {
      rouge1: rougeN(reference, output, 1, { stemmer }),
      rouge2: rougeN(reference, output, 2, { stemmer }),
      rougeL: rougeL(reference, output, { stemmer }),
      rougeLsum: rougeLsum(reference, output, { stemmer }),
    };
    for (const name of ['rouge1', 'rouge2', 'rougeL', 'rougeLsum'] as const) {
      const { precision, recall, f1 } = actual[name];
      [precision, recall, f1].forEach((value, i) => {
        expect(value, `${name} of ${JSON.stringify(output)}`).toBeCloseTo(expected[name][i] as number, 12);
      });
    }
  }
});

it('equals ROUGE-1.5.5 to its five decimals', () => {
  // From rouge_score's own tests: the two lines of target.txt and prediction.txt, which are the first cases.
  const [plain1, plain2] = cases.filter(({ stemmer }) => !stemmer);
  const [, stemmed2] = cases.filter(({ stemmer }) => stemmer);
  const rounded = (score: Triple) => score.map((value) => Number(value.toFixed(5)));
  const scoreOf = ({ reference, output, stemmer }: Case, n: number): Triple => {
    const { precision, recall, f1 } = rougeN(reference, output, n, { stemmer });
    return [precision, recall, f1];
  };
  expect(rounded(scoreOf(plain1 as Case, 1))).toEqual([0.6875, 0.40741, 0.51163]);
  expect(rounded(scoreOf(plain2 as Case, 1))).toEqual([0.65385, 0.40476, 0.5]);
  expect(rounded(scoreOf(stemmed2 as Case, 1))).toEqual([0.69231, 0.42857, 0.52941]);
  expect(rounded(scoreOf(plain1 as Case, 2))).toEqual([0.53333, 0.30769, 0.39024]);
  expect(rounded(scoreOf(stemmed2 as Case, 2))).toEqual([0.48, 0.29268, 0.36364]);
});

it('has the values that can be worked out by hand', () => {
  expect(rougeN('testing one two', 'testing', 1)).toEqual({ precision: 1, recall: 1 / 3, f1: 0.5 });
  expect(rougeN('', 'testing', 1)).toEqual({ precision: 0, recall: 0, f1: 0 });
  // ROUGE's paper: w1 w2 w3 w4 w5 against "w1 w2 w6 w7 w8" and "w1 w3 w8 w9 w5": union w1 w2 w3 w5, 4 of 5 and of 10.
  const union = rougeLsum('w1 w2 w3 w4 w5', 'w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5');
  expect([union.recall, union.precision]).toEqual([0.8, 0.4]);
});

it('is 1 for a text and itself, and symmetric in F1', () => {
  const text = fc
    .array(fc.constantFrom('card', 'cards', 'blocked', 'the', 'a', '7'), { minLength: 1 })
    .map((w) => w.join(' '));
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(rougeL(a, a).f1).toBe(1);
      expect(rougeN(a, b, 1).f1).toBeCloseTo(rougeN(b, a, 1).f1, 12);
      expect(rougeL(a, b).f1).toBeCloseTo(rougeL(b, a).f1, 12);
      expect(rougeN(a, b, 1).f1).toBeGreaterThanOrEqual(rougeL(a, b).f1 - 1e-12);
    }),
  );
});

describe('tokens', () => {
  it('are ASCII by definition', () => {
    expect(rougeTokens('Café crème: 3.50 €, naïve_word Ünï', { stemmer: false })).toEqual([
      'caf',
      'cr',
      'me',
      '3',
      '50',
      'na',
      've',
      'word',
      'n',
    ]);
    expect(rougeTokens('銀行のカード')).toEqual([]);
  });

  it('are of any script where one asks for it', () => {
    const unicode = (text: string) => rougeTokens(text, { tokenizer: 'unicode' });
    expect(unicode('Café crème: 3.50 €, Grüße')).toEqual(['café', 'crème', '3', '50', 'grüße']);
    expect(unicode('cafe\u0301')).toEqual(['café']);
    expect(unicode('銀行カード ABC')).toEqual([...'銀行カ', 'ー', 'ド', 'abc']);
    expect(unicode('मेरा कार्ड')).toEqual(['मेरा', 'कार्ड']);
    expect(rougeN('Где моя карта', 'моя карта', 1, { tokenizer: 'unicode' }).recall).toBeCloseTo(2 / 3, 12);
  });
});
