import * as tf from '@tensorflow/tfjs-core';
import { type Breathe, withBreaths } from '../abort.ts';
import { blocksOf, SCORES_AT_ONCE } from '../model/attention/blocked-attention.ts';
import { sequencesFor } from '../model/attention/sequences.ts';
import { MASKED } from '../model/attention/spans.ts';
import type { BlockShape } from '../model/config.ts';
import { block, type Decoder } from '../model/decoder.ts';
import { walkForward } from '../model/layers/layer.ts';
import { norm } from '../model/layers/norm.ts';
import { tokenEmbedding } from '../model/layers/token-embedding.ts';
import { vocabularyLogits } from '../model/vocabulary-logits.ts';
import { cachedAttention, forget, type KeyValues, keepRows } from './cached-attention.ts';

/** A batch of texts being continued. Rows are padded on the left, so that all of them end at the same column. */
export interface Inference {
  /** Rows still going on. */
  readonly rows: number;
  /** Logits after the last token of each row, `[rows, vocabulary]`. The caller disposes them. */
  prefill(prompts: readonly (readonly number[])[]): Promise<tf.Tensor2D>;
  /** One more token for each row. */
  next(ids: readonly number[]): Promise<tf.Tensor2D>;
  /** Goes on with these rows only, in this order; a row may be there several times. */
  keepRows(rows: readonly number[]): void;
  dispose(): void;
}

export interface InferenceOptions {
  /** Scores of one layer that are held at once while the prompts are read, at most. */
  readonly scoresAtOnce?: number;
  /** Awaited between layers: a long prompt takes minutes on a slow engine. What it throws ends the work; then `dispose`. */
  readonly breathe?: Breathe | undefined;
}

export function startInference(
  decoder: Decoder,
  { scoresAtOnce = SCORES_AT_ONCE, breathe }: InferenceOptions = {},
): Inference {
  const { config, parameters } = decoder;
  const caches: KeyValues[] = decoder.blocks.map(() => ({ keys: undefined, values: undefined }));
  /** Columns on the left of each row that are none of its own. */
  let padding: readonly number[] = [];
  let seen = 0;

  /** `ids` row-major, `rows × length`. */
  const forward = async (ids: Int32Array, length: number): Promise<tf.Tensor2D> => {
    const rows = padding.length;
    const positions = Array.from({ length: rows * length }, (_, i) =>
      Math.max(0, seen + (i % length) - (padding[Math.floor(i / length)] as number)),
    );
    const grid = { rows, length, positions };
    const sequences = sequencesFor(grid, (window) => paddedMask(padding, seen, length, window));
    try {
      const embedded = tf.tidy(
        () => tokenEmbedding(parameters, config.embedding, tf.tensor1d(ids, 'int32'), positions).output,
      );
      const layers = config.blocks.map(({ attention }, layer) =>
        block(decoder, layer, cachedAttention(attention, sequences.of(attention), caches[layer] as KeyValues)),
      );
      const states = await withBreaths(walkForward(layers, embedded), breathe);
      seen += length;
      const logits = tf.tidy(() => {
        const last = Int32Array.from({ length: rows }, (_, row) => row * length + length - 1);
        const lastStates = tf.gather(states, tf.tensor1d(last, 'int32'));
        const normed = norm(parameters, config.finalNorm)(lastStates);
        normed.dispose();
        return vocabularyLogits(decoder, normed.output);
      });
      states.dispose();
      return logits as tf.Tensor2D;
    } finally {
      sequences.free();
    }
  };

  return {
    get rows() {
      return padding.length;
    },
    async prefill(prompts) {
      const length = Math.max(...prompts.map((prompt) => prompt.length));
      padding = prompts.map((prompt) => length - prompt.length);
      const ids = new Int32Array(prompts.length * length);
      for (const [row, prompt] of prompts.entries()) ids.set(prompt, row * length + (padding[row] as number));
      // Long prompts some columns at a time, so that their scores do not grow with the square of the length.
      const { attention } = config.blocks[0] as BlockShape;
      let logits: tf.Tensor2D | undefined;
      for (const { from, to } of blocksOf(attention, { rows: prompts.length, length }, scoresAtOnce)) {
        logits?.dispose();
        logits = await forward(columnsOf(ids, length, from, to), to - from);
      }
      return logits as tf.Tensor2D;
    },
    next: (ids) => forward(Int32Array.from(ids), 1),
    keepRows(rows) {
      if (rows.length === padding.length && rows.every((row, i) => row === i)) return;
      padding = rows.map((row) => padding[row] as number);
      for (const [layer, { attention }] of config.blocks.entries()) {
        keepRows(caches[layer] as KeyValues, rows, attention.keyValueHeads);
      }
    },
    dispose: () => caches.forEach(forget),
  };
}

/** The columns `[from, to)` of ids that lie row by row. */
const columnsOf = (ids: Int32Array, length: number, from: number, to: number): Int32Array =>
  to - from === length ? ids : ids.filter((_, i) => i % length >= from && i % length < to);

/**
 * Who may look where when rows are padded on the left, and no further back than a window: `[rows, 1, length, seen + length]`.
 *
 *     row "ab", padding 1      keys  · a b
 *                        query  ·    0 x x     (padding sees itself, so that its softmax is defined)
 *                               a    x 0 x
 *                               b    x 0 0
 */
function paddedMask(padding: readonly number[], seen: number, length: number, window = Infinity): tf.Tensor {
  const keys = seen + length;
  const mask = new Float32Array(padding.length * length * keys);
  for (const [row, pads] of padding.entries()) {
    for (let query = 0; query < length; query++) {
      const at = (row * length + query) * keys;
      const own = seen + query;
      mask.fill(MASKED, at, at + Math.max(Math.min(pads, own), own + 1 - window));
      mask.fill(MASKED, at + own + 1, at + keys);
    }
  }
  return tf.tensor4d(mask, [padding.length, 1, length, keys]);
}
