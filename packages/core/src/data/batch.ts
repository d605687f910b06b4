import { type Batch, TargetClass, type TokenClass, type TokenizedExample } from './example.ts';

/** Lays examples side by side and shifts them by one; see {@link Batch} for a picture. */
export function makeBatch(examples: readonly TokenizedExample[]): Batch {
  const rows = examples.length;
  const length = Math.max(1, ...examples.map((example) => example.ids.length - 1));
  const size = rows * length;
  const batch: Batch = {
    rows,
    length,
    inputIds: new Int32Array(size),
    targetIds: new Int32Array(size),
    targetWeights: new Float32Array(size),
    targetClasses: new Uint8Array(size),
    positions: new Int32Array(size),
    exampleIds: new Int32Array(size).fill(-1),
    tokens: examples.reduce((sum, example) => sum + example.ids.length, 0),
  };
  for (const [row, example] of examples.entries()) writeRow(batch, row, example);
  return batch;
}

/** Padding is what lies beyond the example's length, whatever its ids: EOS may well be the padding id elsewhere. */
function writeRow(batch: Batch, row: number, { ids, weights, classes }: TokenizedExample): void {
  for (let i = 0; i + 1 < ids.length; i++) {
    const at = row * batch.length + i;
    const weight = weights[i + 1] ?? 0;
    batch.inputIds[at] = ids[i] ?? 0;
    batch.targetIds[at] = ids[i + 1] ?? 0;
    batch.targetWeights[at] = weight;
    batch.targetClasses[at] = targetClassOf(classes[i + 1], weight);
    batch.positions[at] = i;
    batch.exampleIds[at] = row;
  }
}

function targetClassOf(tokenClass: TokenClass | undefined, weight: number): number {
  switch (tokenClass) {
    case 'assistant':
      return weight > 0 ? TargetClass.completion : TargetClass.none;
    case 'system':
    case 'user':
    case 'tool':
      return TargetClass.prompt;
    default:
      return TargetClass.none;
  }
}
