import * as tf from '@tensorflow/tfjs-core';

/**
 * What the tokens of a batch see. The token at place i of its row sees the places `[0, prefix)` and `[start, i]` of that
 * row, itself at least; without spans, everything before it. One idea for three ends:
 *
 *     packed examples      a a a b b · ·    starts 0 0 0 3 3 5 6    prefix 0
 *     a shared prefix      p p a a b b b    starts 0 0 2 2 4 4 4    prefix 2
 *     a sliding window     w w w w w w w    starts 0 0 0 1 2 3 4    prefix 0, window 3
 */
export interface AttentionSpans {
  /** Row-major, `rows × length`. */
  readonly starts: Int32Array;
  /** One a row. */
  readonly prefixes: Int32Array;
}

export interface Grid {
  readonly rows: number;
  readonly length: number;
}

/** Far below any score, and far enough from the end of f32 that adding a score to it changes nothing. */
export const MASKED = -1e9;

/** The queries at the places `[from, to)` of every row. */
export interface QueryRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Added to the scores of a range of queries, all by default, over all that comes before the last of them,
 * `[1 or rows, 1, to − from, to]`: 0 where a token may look, `MASKED` elsewhere.
 */
export function maskOf(
  { rows, length }: Grid,
  spans?: AttentionSpans,
  { from, to }: QueryRange = { from: 0, to: length },
) {
  const masks = spans ? rows : 1;
  const mask = new Float32Array(masks * (to - from) * to).fill(MASKED);
  for (let row = 0; row < masks; row++) {
    for (let i = from; i < to; i++) {
      const at = (row * (to - from) + i - from) * to;
      const { start, prefix } = seenFrom(row, i, length, spans);
      mask.fill(0, at, at + prefix).fill(0, at + start, at + i + 1);
    }
  }
  return tf.tensor4d(mask, [masks, 1, to - from, to]);
}

/**
 * The same spans where no token looks back further than over `window` places, itself among them.
 *
 * @throws {Error} when a shared prefix lies outside the window of a token that sees it: which of its places are in the
 * window would differ from token to token.
 */
export function withWindow({ rows, length }: Grid, window: number, spans?: AttentionSpans): AttentionSpans {
  const starts = new Int32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; i++) {
      const { start, prefix } = seenFrom(row, i, length, spans);
      if (prefix + (i + 1 - start) > window && prefix > 0) {
        throw new Error(`A shared prefix of ${prefix} tokens does not fit into a window of ${window}`);
      }
      starts[row * length + i] = Math.max(start, i + 1 - window);
    }
  }
  return { starts, prefixes: spans?.prefixes ?? new Int32Array(rows) };
}

function seenFrom(row: number, i: number, length: number, spans?: AttentionSpans): { start: number; prefix: number } {
  const start = Math.min(i, spans?.starts[row * length + i] ?? 0);
  // Not more than once: within the prefix itself, and where an example begins at 0, the two overlap.
  const prefix = Math.min(start, spans?.prefixes[row] ?? 0);
  return { start, prefix };
}
