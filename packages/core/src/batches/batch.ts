import type { Batch, PackedRow, WeightedExample } from '../tokenization/example.ts';

/** Lays examples side by side and shifts them by one; see {@link Batch} for a picture. */
export const makeBatch = (examples: readonly WeightedExample[]): Batch =>
  packBatch(examples.map((example) => ({ examples: [example], prefix: 0 })));

/** The same of rows that hold several examples each. */
export function packBatch(packed: readonly PackedRow<WeightedExample>[]): Batch {
  const rows = packed.length;
  const length = Math.max(1, ...packed.map(placesOf));
  const size = rows * length;
  const examples = packed.flatMap((row) => row.examples);
  const batch: Batch = {
    rows,
    length,
    inputIds: new Int32Array(size),
    targetIds: new Int32Array(size),
    targetWeights: new Float32Array(size),
    targetRoles: new Uint8Array(size),
    targetCounts: new Int32Array(size),
    positions: new Int32Array(size),
    exampleIds: new Int32Array(size).fill(-1),
    rowWeights: Float64Array.from(examples, ({ rowWeight }) => rowWeight),
    ...(packed.some((row) => row.examples.length > 1) && { spans: emptySpans(packed, length) }),
    tokens: examples.reduce((sum, { ids }) => sum + ids.length, 0),
  };
  let written = 0;
  for (const [row, one] of packed.entries()) {
    writeRow(batch, row, one, written);
    written += one.examples.length;
  }
  return batch;
}

/** Inputs of a row: the last id of each example is a target only. */
const placesOf = ({ examples, prefix }: PackedRow<WeightedExample>): number =>
  examples.reduce((sum, { ids }) => sum + Math.max(0, ids.length - 1 - prefix), prefix);

/** Every place sees itself only, until an example is written there: that is how padding stays. */
const emptySpans = (packed: readonly PackedRow<WeightedExample>[], length: number) => ({
  starts: Int32Array.from({ length: packed.length * length }, (_, i) => i % length),
  prefixes: Int32Array.from(packed, (row) => row.prefix),
});

function writeRow(
  batch: Batch,
  row: number,
  { examples, prefix }: PackedRow<WeightedExample>,
  firstExample: number,
): void {
  const [first] = examples;
  if (first && prefix > 0)
    writeSlice(batch, { row, at: 0, from: 0, to: prefix, count: examples.length }, first, firstExample);
  let at = prefix;
  for (const [i, example] of examples.entries()) {
    const to = example.ids.length - 1;
    writeSlice(batch, { row, at, from: prefix, to, count: 1 }, example, firstExample + i);
    at += Math.max(0, to - prefix);
  }
}

/** Where a part of an example goes: its inputs `[from, to)` to the row's places from `at` on, for so many examples. */
interface Slice {
  readonly row: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Padding is what no example was written to, whatever its ids: EOS may well be the padding id elsewhere. */
function writeSlice(
  batch: Batch,
  { row, at, from, to, count }: Slice,
  { ids, roles, segmentWeights, roleWeights, rowWeight }: WeightedExample,
  exampleId: number,
): void {
  const shift = row * batch.length + at - from;
  for (let i = from; i < to; i++) {
    const place = shift + i;
    const role = roles[i + 1] as number;
    batch.inputIds[place] = ids[i] as number;
    batch.targetIds[place] = ids[i + 1] as number;
    // `targetWeight`, written out: nothing else is done as often.
    const weight = (roleWeights[role] as number) * (segmentWeights[i + 1] as number) * rowWeight;
    batch.targetWeights[place] = count * weight;
    batch.targetRoles[place] = role;
    batch.targetCounts[place] = count;
    batch.positions[place] = i;
    batch.exampleIds[place] = exampleId;
    if (batch.spans) batch.spans.starts[place] = at;
  }
}
