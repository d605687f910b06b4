import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from './average-precision.ts';
import { hitRate } from './hit-rate.ts';
import { ndcg } from './ndcg.ts';
import { precision } from './precision.ts';
import { recall } from './recall.ts';
import { reciprocalRank } from './reciprocal-rank.ts';

/** Made by fixtures/make-reference-values.py. */
interface Reference {
  readonly cutoffs: readonly number[];
  readonly rankings: Readonly<Record<string, readonly number[]>>;
  readonly relevant: Readonly<Record<string, readonly number[]>>;
  readonly pytrec_eval: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly ranx: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
const reference: Reference = JSON.parse(
  readFileSync(new URL('../../fixtures/trec-reference.json', import.meta.url), 'utf8'),
);
const { cutoffs, rankings } = reference;
const queries = Object.keys(rankings);
const near = (actual: number, expected: number | undefined) => {
  expect(expected).toBeTypeOf('number');
  expect(Math.abs(actual - (expected as number))).toBeLessThan(1e-9);
};

describe.each(queries)('query %s of trec_eval’s test collection', (query) => {
  const ranked = rankings[query] ?? [];
  const relevant = new Set(reference.relevant[query]);
  const trec = reference.pytrec_eval[query] ?? {};
  const ranx = reference.ranx[query] ?? {};

  it.each(cutoffs)('has the values of pytrec_eval at %i', (k) => {
    near(hitRate(ranked, relevant, k), trec[`success_${k}`]);
    near(precision(ranked, relevant, k), trec[`P_${k}`]);
    near(recall(ranked, relevant, k), trec[`recall_${k}`]);
    near(averagePrecision(ranked, relevant, k, 'ranx'), trec[`map_cut_${k}`]);
    near(ndcg(ranked, relevant, k), trec[`ndcg_cut_${k}`]);
    near(reciprocalRank(ranked, relevant, Number.POSITIVE_INFINITY), trec.recip_rank);
  });

  it.each(cutoffs)('has the values of ranx at %i', (k) => {
    near(hitRate(ranked, relevant, k), ranx[`hit_rate@${k}`]);
    near(precision(ranked, relevant, k), ranx[`precision@${k}`]);
    near(recall(ranked, relevant, k), ranx[`recall@${k}`]);
    near(reciprocalRank(ranked, relevant, k), ranx[`mrr@${k}`]);
    near(averagePrecision(ranked, relevant, k, 'ranx'), ranx[`map@${k}`]);
    near(ndcg(ranked, relevant, k), ranx[`ndcg@${k}`]);
  });
});
