import {
  type Batch,
  type PackedRow,
  TargetClass,
  type TokenClass,
  type TokenizedExample,
} from '../tokenization/example.ts';

/** Lays examples side by side and shifts them by one; see {@link Batch} for a picture. */
export const makeBatch = (examples: readonly TokenizedExample[]): Batch =>
  packBatch(examples.map((example) => ({ examples: [example], prefix: 0 })));

/** The same of rows that hold several examples each. */
export function packBatch(packed: readonly PackedRow<TokenizedExample>[]): Batch {
  const rows = packed.length;
  const length = Math.max(1, ...packed.map(placesOf));
  const size = rows * length;
  const batch: Batch = {
    rows,
    length,
    inputIds: new Int32Array(size),
    targetIds: new Int32Array(size),
    targetWeights: new Float32Array(size),
    targetClasses: new Uint8Array(size),
    targetCounts: new Int32Array(size),
    positions: new Int32Array(size),
    exampleIds: new Int32Array(size).fill(-1),
    ...(packed.some((row) => row.examples.length > 1) && { spans: emptySpans(packed, length) }),
    tokens: packed.flatMap((row) => row.examples).reduce((sum, example) => sum + example.ids.length, 0),
  };
  let written = 0;
  for (const [row, one] of packed.entries()) {
    writeRow(batch, row, one, written);
    written += one.examples.length;
  }
  return batch;
}

/** Inputs of a row: the last id of each example is a target only. */
const placesOf = ({ examples, prefix }: PackedRow<TokenizedExample>): number =>
  examples.reduce((sum, { ids }) => sum + Math.max(0, ids.length - 1 - prefix), prefix);

/** Every place sees itself only, until an example is written there: that is how padding stays. */
const emptySpans = (packed: readonly PackedRow<TokenizedExample>[], length: number) => ({
  starts: Int32Array.from({ length: packed.length * length }, (_, i) => i % length),
  prefixes: Int32Array.from(packed, (row) => row.prefix),
});

function writeRow(
  batch: Batch,
  row: number,
  { examples, prefix }: PackedRow<TokenizedExample>,
  firstExample: number,
): void {
  const [first] = examples;
  if (first && prefix > 0)
    writeStretch(batch, { row, at: 0, from: 0, to: prefix, count: examples.length }, first, firstExample);
  let at = prefix;
  for (const [i, example] of examples.entries()) {
    const to = example.ids.length - 1;
    writeStretch(batch, { row, at, from: prefix, to, count: 1 }, example, firstExample + i);
    at += Math.max(0, to - prefix);
  }
}

/** Where a stretch of an example goes: its inputs `[from, to)` to the row's places from `at` on, for so many examples. */
interface Stretch {
  readonly row: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Padding is what no example was written to, whatever its ids: EOS may well be the padding id elsewhere. */
function writeStretch(
  batch: Batch,
  { row, at, from, to, count }: Stretch,
  { ids, weights, classes }: TokenizedExample,
  exampleId: number,
): void {
  for (let i = from; i < to; i++) {
    const place = row * batch.length + at + i - from;
    const weight = weights[i + 1] ?? 0;
    batch.inputIds[place] = ids[i] ?? 0;
    batch.targetIds[place] = ids[i + 1] ?? 0;
    batch.targetWeights[place] = count * weight;
    batch.targetClasses[place] = targetClassOf(classes[i + 1], weight);
    batch.targetCounts[place] = count;
    batch.positions[place] = i;
    batch.exampleIds[place] = exampleId;
    if (batch.spans) batch.spans.starts[place] = at;
  }
}

function targetClassOf(tokenClass: TokenClass | undefined, weight: number): number {
  switch (tokenClass) {
    case 'assistant':
      return weight > 0 ? TargetClass.assistant : TargetClass.none;
    case 'system':
    case 'user':
    case 'tool':
      return TargetClass[tokenClass];
    default:
      return TargetClass.none;
  }
}
