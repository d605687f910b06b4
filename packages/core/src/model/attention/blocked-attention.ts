import * as tf from '@tensorflow/tfjs-core';
import type { Steps } from '../../abort.ts';
import { likeType, toFloat32 } from '../../tensor/bfloat16.ts';
import { product } from '../../tensor/product.ts';
import { type Layer, layerOfSteps } from '../layers/layer.ts';
import {
  type AttentionShape,
  type GroupedHeads,
  joinGradients,
  mergeHeads,
  type Sequence,
  splitHeads,
  unmergeHeads,
} from './grouped-heads.ts';
import { attentionGradients, attentionProbabilities } from './plain-attention.ts';
import { type Grid, maskOf, type QueryRange } from './spans.ts';

/** Scores held at once, at most: 16 MiB. */
export const SCORES_AT_ONCE = 2 ** 22;

/** Where they do, keeping the probabilities is faster than computing them again. */
export const scoresFitAtOnce = ({ heads }: AttentionShape, { rows, length }: Grid): boolean =>
  rows * heads * length * length <= SCORES_AT_ONCE;

/**
 * Attention for long rows in tfjs's own operations: some queries at a time, over what comes before the last of them. The
 * probabilities are not kept but computed again on the way back, so that memory grows with the length, not its square
 * (Rabe & Staats 2021, arXiv 2112.05682).
 *
 *     keys      0 ─────────────▶
 *     queries   ▇▇               first block, over its own places
 *        │      ▇▇▇▇             second block
 *        ▼      ▇▇▇▇▇▇           …
 */
export const blockedAttention = (shape: AttentionShape, sequence: Sequence, atOnce = SCORES_AT_ONCE): Layer =>
  layerOfSteps(function* (qkv) {
    const blocks = blocksOf(shape, sequence, atOnce);
    const heads: GroupedHeads = tf.tidy(() => ({ ...splitHeads(toFloat32(qkv), shape, sequence) }));
    const kept = [heads.queries, heads.keys, heads.values].map((tensor) => tf.keep(tensor));
    const parts: tf.Tensor[] = [];
    try {
      for (const range of blocks) {
        parts.push(attendedAt(heads, range, shape, sequence));
        yield;
      }
    } catch (reason) {
      tf.dispose([...parts, ...kept]);
      throw reason;
    }
    const attended = tf.keep(tf.tidy(() => joinQueries(parts, sequence)));
    kept.push(attended);
    tf.dispose(parts);
    return {
      output: tf.tidy(() => likeType(mergeHeads(attended, shape, sequence), qkv)),
      *pullback(dy) {
        const dAttended = tf.tidy(() => unmergeHeads(toFloat32(dy), shape, sequence));
        try {
          const gradients = yield* gradientsInSteps(heads, { attended, dAttended }, blocks, shape, sequence);
          const joined = tf.tidy(() => likeType(joinGradients(gradients, shape, sequence), dy));
          tf.dispose([gradients.queries, gradients.keys, gradients.values]);
          return joined;
        } finally {
          tf.dispose([dAttended, ...kept]);
        }
      },
      dispose: () => tf.dispose(kept),
    };
  });

function* gradientsInSteps(
  heads: GroupedHeads,
  states: { attended: tf.Tensor; dAttended: tf.Tensor },
  blocks: readonly QueryRange[],
  shape: AttentionShape,
  sequence: Sequence,
): Steps<GroupedHeads> {
  const queries: tf.Tensor[] = [];
  let [keys, values] = [tf.zerosLike(heads.keys), tf.zerosLike(heads.values)];
  try {
    for (const range of blocks) {
      const own = gradientsAt(heads, states, range, shape, sequence);
      queries.push(own.queries);
      keys = plus(keys, own.keys);
      values = plus(values, own.values);
      yield;
    }
    return { queries: tf.tidy(() => joinQueries(queries, sequence)), keys, values };
  } catch (reason) {
    tf.dispose([keys, values]);
    throw reason;
  } finally {
    tf.dispose(queries);
  }
}

/** The queries in ranges, one after the other: the scores of a range with all keys are no more than `atOnce`. */
export function blocksOf({ heads }: AttentionShape, { rows, length }: Grid, atOnce: number): QueryRange[] {
  const size = Math.max(1, Math.floor(atOnce / (rows * heads * length)));
  return Array.from({ length: Math.ceil(length / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(length, (i + 1) * size),
  }));
}

function attendedAt(heads: GroupedHeads, range: QueryRange, shape: AttentionShape, sequence: Sequence): tf.Tensor {
  return tf.tidy(() => {
    const { queries, keys, values } = headsAt(heads, range, sequence);
    return product(probabilitiesAt({ queries, keys }, range, shape, sequence), values);
  });
}

/** Gradients by a block's queries, and by all keys and values, of which those behind the block get none. */
function gradientsAt(
  heads: GroupedHeads,
  { attended, dAttended }: { attended: tf.Tensor; dAttended: tf.Tensor },
  range: QueryRange,
  shape: AttentionShape,
  sequence: Sequence,
): GroupedHeads {
  return tf.tidy(() => {
    const own = headsAt(heads, range, sequence);
    const probabilities = probabilitiesAt(own, range, shape, sequence);
    const state = { ...own, probabilities, attended: queriesAt(attended, range, sequence) };
    const { queries, keys, values } = attentionGradients(state, queriesAt(dAttended, range, sequence), shape);
    const behind = (x: tf.Tensor): [number, number][] => [
      [0, 0],
      [0, sequence.length - (x.shape[1] as number)],
      [0, 0],
    ];
    return { queries, keys: tf.pad(keys, behind(keys)), values: tf.pad(values, behind(values)) };
  });
}

/** Sums as they come: all blocks' together would be as large as the scores. */
function plus(sum: tf.Tensor, part: tf.Tensor): tf.Tensor {
  const next = tf.add(sum, part);
  tf.dispose([sum, part]);
  return next;
}

function probabilitiesAt(
  { queries, keys }: Pick<GroupedHeads, 'queries' | 'keys'>,
  range: QueryRange,
  shape: AttentionShape,
  sequence: Sequence,
): tf.Tensor {
  const mask = () => maskOf(sequence, sequence.spans, range);
  return attentionProbabilities(queries, keys, shape, { ...sequence, length: range.to - range.from, mask });
}

/** The queries of a range, with the keys and values of everything before the last of them. */
const headsAt = ({ queries, keys, values }: GroupedHeads, range: QueryRange, grid: Grid): GroupedHeads => ({
  queries: queriesAt(queries, range, grid),
  keys: tf.slice(keys, [0, 0, 0], [-1, range.to, -1]),
  values: tf.slice(values, [0, 0, 0], [-1, range.to, -1]),
});

/** `[rows · kvHeads, group · length, headSize] → [rows · kvHeads, group · (to − from), headSize]` */
function queriesAt(queries: tf.Tensor, { from, to }: QueryRange, { length }: Grid): tf.Tensor {
  const [groups, , headSize] = queries.shape as [number, number, number];
  const byPlace = tf.reshape(queries, [groups, -1, length, headSize]);
  return tf.reshape(tf.slice(byPlace, [0, 0, from, 0], [-1, -1, to - from, -1]), [groups, -1, headSize]);
}

/** The way back of `queriesAt`, from those of all ranges in turn. */
function joinQueries(blocks: readonly tf.Tensor[], { length }: Grid): tf.Tensor {
  const [groups, , headSize] = (blocks[0] as tf.Tensor).shape as [number, number, number];
  const columns = blocks.reduce((sum, block) => sum + (block.shape[1] as number), 0);
  const group = columns / length;
  const byPlace = blocks.map((block) => tf.reshape(block, [groups, group, -1, headSize]));
  return tf.reshape(tf.concat(byPlace, 2), [groups, columns, headSize]);
}
