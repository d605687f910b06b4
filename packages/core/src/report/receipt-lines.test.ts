import { describe, expect, it } from 'vitest';
import { duplicatesInWords, promptShare, receiptLines } from './receipt-lines.ts';

const receipt = {
  rows: 1000,
  kept: 995,
  cut: 2,
  cutTokens: 31,
  cutAnswers: 0,
  dropped: [3, 5, 8, 13].map((line) => ({ file: 'rows.csv', line, reason: 'too-long' as const })),
  promptTokens: 40_000,
  completionTokens: 8000,
  generationRatio: 0.2,
  promptWeightShare: 0.25,
  lengths: { median: 48, p90: 80, p99: 120, longest: 300 },
  tallies: {},
  unused: {},
};
const recipe = {
  name: 'support',
  defaults: {
    promptLossWeight: 0.1,
    promptLossWeightReason: 'labels are short',
    generationRatio: 0.15,
    maxLength: 256,
    maxNewTokens: 16,
  },
};

it('says how many rows say what others say, and nothing where none does', () => {
  expect(duplicatesInWords({ exact: 0, inEvaluation: { exact: 0, dropped: 0 } })).toBe('');
  expect(duplicatesInWords({ exact: 1, near: 12, inEvaluation: { exact: 2, near: 1, dropped: 0 } })).toBe(
    '1 row the same as an earlier one, 12 nearly the same, 3 rows to evaluate on too (1 of them nearly), all of them trained on: see --leakage',
  );
  expect(duplicatesInWords({ exact: 0, inEvaluation: { exact: 2, dropped: 2 } })).toBe(
    '2 rows to evaluate on too, 2 of them left out',
  );
});

describe('receiptLines', () => {
  const lines = (weights = {}) =>
    receiptLines(receipt, recipe, weights).map(({ label, value, notes }) => [label, value, ...notes].join(' | '));

  it('says what became of the rows and why, R_g and the weights with their reason', () => {
    expect(lines()).toEqual([
      'rows | 1,000 read, 995 kept (2 of them cut), 5 dropped | cut: 31 tokens in all | dropped: 4 too long, and nothing in it may be cut (rows.csv, row 3; rows.csv, row 5; rows.csv, row 8; …)',
      'tokens | 48,000: prompt 40,000, completion 8,000 | an example: median 48, 90 % up to 80, longest 300',
      'R_g | 0.2 | completion tokens / prompt tokens; 0.15 in the domain of support, without what templates add',
      "weights | prompt 0.1, template 0, completion 1 | the recipe's: 0.1, because labels are short",
      expect.stringMatching(/^advice \| (start with|nothing was measured) .*\| (Little|Something|Nothing) is known/),
      'prompt share | 25.0 % of the total weight',
    ]);
  });

  it('names what rows say and nothing reads, the most frequent first, up to a dozen', () => {
    const unused = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`field${i}`, i + 1]));
    expect(receiptLines({ ...receipt, unused }, recipe, {})[1]).toEqual({
      label: 'not used',
      value: '14 fields of the rows',
      notes: [expect.stringMatching(/^field13 in 14 rows, field12 in 13 rows, .*, field2 in 3 rows, 2 fields more$/)],
    });
  });

  it('says what the recipe counted', () => {
    const tallies = { 'e-mail addresses masked': 1200, 'phone numbers masked': 0 };
    expect(receiptLines({ ...receipt, tallies }, recipe, {})[1]).toEqual({
      label: 'counted',
      value: '1,200 e-mail addresses masked, 0 phone numbers masked',
      notes: [],
    });
  });

  it('says how full packed rows are, and what a shared beginning saves', () => {
    const packing = { rows: 90, rowLength: 512, examplesPerRow: 11.04, filled: 0.97, sharing: 1.84 };
    const printed = receiptLines(receipt, recipe, {}, packing).find(({ label }) => label === 'packing');
    expect(printed).toEqual({
      label: 'packing',
      value: '90 rows of 512 tokens, 97.0 % full, 11 examples in each',
      notes: ['what examples share is computed once a row: 1.84 times fewer tokens than one by one'],
    });
  });

  it('takes the weights that were asked for', () => {
    expect(lines({ promptLossWeight: 1, templateLossWeight: 0.5 })[3]).toContain(
      'prompt 1, template 0.5, completion 1',
    );
    expect(lines({ promptLossFraction: 0.4 }).at(-1)).toBe('prompt share | 40.0 % of the total weight');
    expect(promptShare(receipt, {})).toBe(0.25);
  });
});
