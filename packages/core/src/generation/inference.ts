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
import { cachedAttention, dropColumns, forget, joinRows, type KeyValues, keepRows } from './cached-attention.ts';

/** A batch of texts being continued. Rows are padded on the left, so that all of them end at the same column. */
export interface Inference {
  /** Rows still going on. */
  readonly rows: number;
  /** Logits after the last token of each row, `[rows, vocabulary]`. The caller disposes them. */
  prefill(prompts: readonly (readonly number[])[]): Promise<tf.Tensor2D>;
  /** Reads further prompts, which go on behind the rows that are there. @returns their logits, and no others */
  join(prompts: readonly (readonly number[])[]): Promise<tf.Tensor2D>;
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
  const { config } = decoder;
  const read = async (state: State, prompts: readonly (readonly number[])[]): Promise<tf.Tensor2D> => {
    const length = Math.max(...prompts.map((prompt) => prompt.length));
    state.padding = prompts.map((prompt) => length - prompt.length);
    const ids = new Int32Array(prompts.length * length);
    for (const [row, prompt] of prompts.entries()) ids.set(prompt, row * length + (state.padding[row] as number));
    // Long prompts some columns at a time, so that their scores do not grow with the square of the length.
    const { attention } = config.blocks[0] as BlockShape;
    let logits: tf.Tensor2D | undefined;
    for (const { from, to } of blocksOf(attention, { rows: prompts.length, length }, scoresAtOnce)) {
      logits?.dispose();
      logits = await forward(decoder, state, { ids: columnsOf(ids, length, from, to), length: to - from, breathe });
    }
    return logits as tf.Tensor2D;
  };
  const state = nothingRead(decoder);
  return {
    get rows() {
      return state.padding.length;
    },
    prefill: (prompts) => read(state, prompts),
    async join(prompts) {
      const others = nothingRead(decoder);
      try {
        const logits = await read(others, prompts);
        join(state, others);
        return logits;
      } finally {
        others.caches.forEach(forget);
      }
    },
    next: (ids) => forward(decoder, state, { ids: Int32Array.from(ids), length: 1, breathe }),
    keepRows(rows) {
      if (rows.length === state.padding.length && rows.every((row, i) => row === i)) return;
      state.padding = rows.map((row) => state.padding[row] as number);
      for (const [layer, { attention }] of config.blocks.entries()) {
        keepRows(state.caches[layer] as KeyValues, rows, attention.keyValueHeads);
      }
      trim(state);
    },
    dispose: () => state.caches.forEach(forget),
  };
}

/** What was read of a batch. */
interface State {
  readonly caches: readonly KeyValues[];
  /** Columns on the left of each row that are none of its own. */
  padding: readonly number[];
  /** Columns of all rows, padding counted. */
  seen: number;
}

const nothingRead = ({ blocks }: Decoder): State => ({
  caches: blocks.map(() => ({ keys: undefined, values: undefined })),
  padding: [],
  seen: 0,
});

interface Fresh extends Pick<InferenceOptions, 'breathe'> {
  /** Row-major, `rows × length`. */
  readonly ids: Int32Array;
  readonly length: number;
}

/** Reads some columns more. @returns logits after the last of them, `[rows, vocabulary]` */
async function forward(decoder: Decoder, state: State, { ids, length, breathe }: Fresh): Promise<tf.Tensor2D> {
  const { config, parameters } = decoder;
  const { caches, padding, seen } = state;
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
    state.seen += length;
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
}

/** Puts the rows of others behind those of a state. */
function join(state: State, others: State): void {
  const columns = Math.max(state.seen, others.seen);
  const shifted = ({ padding, seen }: State) => padding.map((own) => own + columns - seen);
  for (const [layer, cache] of state.caches.entries()) joinRows(cache, others.caches[layer] as KeyValues);
  state.padding = [...shifted(state), ...shifted(others)];
  state.seen = columns;
}

/** Columns that are padding in every row are looked at by none. */
function trim(state: State): void {
  const spare = Math.min(...state.padding);
  if (spare === 0) return;
  for (const cache of state.caches) dropColumns(cache, spare);
  state.padding = state.padding.map((own) => own - spare);
  state.seen -= spare;
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
