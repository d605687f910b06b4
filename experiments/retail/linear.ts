/**
 * How much more than counts is there in the rows that a model is fine-tuned on? A linear recommender says it, fitted on the
 * same rows in seconds: a name's chance in the next four weeks is a sum over log(1 + times bought) of every name, by ridge
 * regression; its log is mixed with log popularity + bought · log(1 + times bought). Penalty and mixture are chosen on the last
 * window to train on, and measured on the held-out one.
 *
 *     node experiments/retail/linear.ts groceries
 *     node experiments/retail/linear.ts movies
 */
import type { RetailRow } from '../../packages/recipe-retail/src/index.ts';
import { bestOf, mean, ndcgOf, printOverBaselines } from './compare.ts';
import { boughtOf, type DatasetName, datasets, popularityIn } from './datasets.ts';

interface Mixture {
  readonly penalty: number;
  /** Of the linear part. */
  readonly share: number;
  readonly bought: number;
}

const PENALTIES = [100, 300, 1000, 3000, 10_000];
const SHARES = [0, 0.25, 0.5, 0.75, 1];
const BOUGHT = [-1, 0, 0.5, 1, 1.5, 2];
/** A chance below it counts as this. */
const LEAST = 1e-3;

const all = datasets[(process.argv[2] ?? 'groceries') as DatasetName]();
const names = all.catalogue.map(({ name }) => name);
const chosen = choose();
console.log(`chosen on ${all.last.length} rows: ${JSON.stringify(chosen)}`);
const recommend = linearOf([...all.last, ...all.before]);
printOverBaselines(all, {
  linear: ndcgOf(all.heldOut, (row) => recommend(row, { penalty: chosen.penalty, share: 1, bought: 0 })),
  'linear, mixed': ndcgOf(all.heldOut, (row) => recommend(row, chosen)),
});

function choose(): Mixture {
  const onLast = linearOf(all.before);
  const mixtures = PENALTIES.flatMap((penalty) =>
    SHARES.flatMap((share) => BOUGHT.map((bought) => ({ penalty, share, bought }))),
  );
  const tried = mixtures.map((mixture) => ({ mixture, value: mean(ndcgOf(all.last, (row) => onLast(row, mixture))) }));
  return tried.reduce((a, b) => (b.value > a.value ? b : a)).mixture;
}

/** Fits on rows, and recommends by a mixture. */
function linearOf(rows: readonly RetailRow[]): (row: RetailRow, mixture: Mixture) => string[] {
  const popularity = popularityIn(rows, names);
  const inputs = rows.map((row) => boughtOf(row, names));
  const outputs = rows.map(({ answer = [] }) => {
    const isBought = new Set(answer);
    return Float64Array.from(names, (name) => (isBought.has(name) ? 1 : 0));
  });
  const [meanInput, meanOutput] = [meanOf(inputs), meanOf(outputs)];
  const centred = inputs.map((input) => input.map((value, i) => value - (meanInput[i] as number)));
  const gram = products(centred, centred);
  // Inputs without their means: the outputs' own fall out.
  const cross = products(centred, outputs);
  const solved = new Map<number, Float64Array[]>();
  return (row, { penalty, share, bought }) => {
    const weights = solved.get(penalty) ?? solve(gram, cross, penalty);
    solved.set(penalty, weights);
    const input = boughtOf(row, names);
    const chance = Float64Array.from(meanOutput);
    for (const [i, own] of weights.entries()) addTo(chance, own, (input[i] as number) - (meanInput[i] as number));
    return bestOf(
      names,
      names.map((_, j) => {
        const counted = (popularity[j] as number) + bought * (input[j] as number);
        return share * Math.log(Math.max(chance[j] as number, LEAST)) + (1 - share) * counted;
      }),
    );
  };
}

function addTo(sum: Float64Array, values: Float64Array, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + factor * (values[i] as number);
}

function meanOf(rows: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(names.length);
  for (const row of rows) addTo(sum, row, 1 / rows.length);
  return sum;
}

/** Aᵀ B of the matrices of these rows. */
function products(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  const product = names.map(() => new Float64Array(names.length));
  for (const [row, left] of a.entries()) {
    for (const [i, value] of left.entries()) addTo(product[i] as Float64Array, b[row] as Float64Array, value);
  }
  return product;
}

/** (gram + penalty · I)⁻¹ cross, by elimination: what is symmetric and positive needs no pivots. */
function solve(gram: readonly Float64Array[], cross: readonly Float64Array[], penalty: number): Float64Array[] {
  const left = gram.map((row, i) => Float64Array.from(row, (value, j) => (i === j ? value + penalty : value)));
  const right = cross.map((row) => Float64Array.from(row));
  for (const [pivot, leftPivot] of left.entries()) {
    const rightPivot = right[pivot] as Float64Array;
    const scale = 1 / (leftPivot[pivot] as number);
    for (const [i, row] of left.entries()) {
      if (i === pivot) continue;
      const factor = -(row[pivot] as number) * scale;
      addTo(row, leftPivot, factor);
      addTo(right[i] as Float64Array, rightPivot, factor);
    }
  }
  return right.map((row, i) => row.map((value) => value / (left[i]?.[i] as number)));
}
