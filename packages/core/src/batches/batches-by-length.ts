/** Tokens in a batch at most, padding counted: enough to keep an engine busy, little enough for memory. */
export const BATCH_TOKENS = 4096;

/** Indices in order of length, in batches of at most 4,096 tokens, for work whose order does not matter. */
export function batchesByLength(lengths: readonly number[]): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[a] as number) - (lengths[b] as number));
  const batches: number[][] = [];
  for (const i of order) {
    const batch = batches.at(-1);
    // The newest is the longest, so it sets the padded length of the batch.
    if (batch && (batch.length + 1) * (lengths[i] as number) <= BATCH_TOKENS) batch.push(i);
    else batches.push([i]);
  }
  return batches;
}
