import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusScore, sentenceScore } from './corpus-metric.ts';
import { numpyRandom } from './numpy-random.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { signature } from './signature.ts';
import { terTokens } from './ter-tokenizer.ts';
import { bySegment, expected, metricFor, terOptionsFor } from './test-support.ts';

const EPSILON = 1e-9;
const labelOf = ({ metric, options }: { metric: string; options: object }) => `${metric} ${JSON.stringify(options)}`;

describe('the cases of sacreBLEU’s own tests', () => {
  /** The tolerance of the test that each case comes from. */
  const roundedTo = { bleu: 1e-3, chrf: 1e-4, ter: 1e-3 };

  it.each(expected.tables.map((example) => [labelOf(example), example] as const))('%s', (_, example) => {
    const { score } = corpusScore(metricFor(example), example);
    expect(Math.abs(score - example.score)).toBeLessThan(EPSILON);
    expect(Math.abs(score - example.rounded)).toBeLessThan(roundedTo[example.metric]);
  });

  const { 'test_tokenizer_ter.py': tokens } = JSON.parse(
    readFileSync(new URL('../../fixtures/sacrebleu-tests.json', import.meta.url), 'utf8'),
  ) as Record<string, Record<string, [string, string][]>>;
  it.each([
    ['test_cases_default', {}],
    ['test_cases_no_punct', { noPunctuation: true }],
    ['test_cases_norm', { normalized: true }],
    ['test_cases_asian', { normalized: true, asianSupport: true }],
  ])('TER’s tokenizer, %s', (name, options) => {
    expect(tokens?.[name]?.length).toBeGreaterThan(1);
    for (const [text, joined] of tokens?.[name] ?? []) expect(terTokens(text, options).join(' ')).toBe(joined);
  });
});

describe('sentences of Tatoeba and hard strings', () => {
  const { system, references: streams } = expected.corpus;

  it.each(expected.results.map((result) => [labelOf(result), result.references, result] as const))(
    '%s with %i references',
    (_, count, result) => {
      const metric = metricFor(result);
      const references = bySegment(streams.slice(0, count));
      const { score } = corpusScore(metric, { hypotheses: system, references });
      expect(Math.abs(score - result.score)).toBeLessThan(EPSILON);
      const sentences = system.map((output, at) => sentenceScore(metric, output, references[at]!).score);
      const worst = Math.max(...sentences.map((value, at) => Math.abs(value - result.sentences[at]!)));
      expect(worst).toBeLessThan(EPSILON);
      expect(signature(metric, references)).toBe(result.signature);
    },
  );

  it.each(expected.terTokens)('TER’s tokenizer with $options', ({ options, tokens }) => {
    expect(expected.hard.map((text) => terTokens(text, terOptionsFor(options)).join(' '))).toEqual(tokens);
  });
});

describe('paired bootstrap', () => {
  const { baseline, system, references: streams } = expected.corpus;
  const references = bySegment(streams.slice(0, 1));

  it.each(expected.bootstrap.map((result) => [labelOf(result), result] as const))('%s', (_, result) => {
    const metric = metricFor(result);
    const tested = pairedBootstrap(metric, { baseline, system, references });
    expect(tested.pValue).toBe(result.pValue);
    expect(signature(metric, references, { samples: 1000, seed: 12345 })).toBe(result.signature);
    for (const side of ['baseline', 'system'] as const) {
      const { score, mean, interval } = tested[side];
      const [expectedScore, expectedMean, expectedInterval] = result[side];
      expect(Math.abs(score - expectedScore)).toBeLessThan(EPSILON);
      // sacreBLEU computes the samples in 32-bit floats.
      expect(Math.abs(mean - expectedMean)).toBeLessThan(1e-4);
      expect(Math.abs(interval - expectedInterval)).toBeLessThan(1e-4);
    }
  });

  it('finds no difference between a system and itself, and a large one between it and silence', () => {
    const metric = metricFor({ metric: 'chrf', options: {} });
    const same = pairedBootstrap(metric, { baseline: system, system, references, samples: 99 });
    expect(same.pValue).toBe(0.01); // as sacreBLEU's: no sample differs by more than 0
    const silence = system.map(() => '');
    expect(pairedBootstrap(metric, { baseline: silence, system, references, samples: 99 }).pValue).toBe(0.01);
  });

  it.each(expected.numpyDraws)('draws NumPy’s numbers for seed $seed', ({ seed, below, draws }) => {
    const random = numpyRandom(seed);
    expect(draws.map(() => random.draw(below))).toEqual(draws);
  });

  it('says what a seed and a corpus must be', () => {
    expect(() => numpyRandom(-1)).toThrow(RangeError);
    expect(() => numpyRandom(1).draw(2 ** 22)).toThrow(RangeError);
    const metric = metricFor({ metric: 'bleu', options: {} });
    expect(() => corpusScore(metric, { hypotheses: [], references: [] })).toThrow(RangeError);
    expect(() => corpusScore(metric, { hypotheses: ['a'], references: [] })).toThrow(/1 hypotheses/);
    expect(() => corpusScore(metric, { hypotheses: ['a'], references: [[]] })).toThrow(/Segment 0 has no reference/);
  });
});

it('says in a signature when the number of references varies', () => {
  const metric = metricFor({ metric: 'ter', options: {} });
  expect(signature(metric, [['a'], ['b', 'c']])).toMatch(/^nrefs:var\|case:lc/);
});
