import * as tf from '@tensorflow/tfjs-core';
import type { BlockAttention } from '../config.ts';
import type { Sequence } from './grouped-heads.ts';
import { type RotaryShape, rotaryTables } from './rotary.ts';
import { type AttentionSpans, type Grid, maskOf, withWindow } from './spans.ts';

export interface Sequences {
  /** What a block's attention needs to know about the tokens. */
  readonly of: (attention: BlockAttention) => Sequence;
  /** Frees the tensors that the blocks shared. */
  readonly free: () => void;
}

/** What the mask of a window is made of; by default what the spans say. */
export type MaskOfWindow = (window: number | undefined, spans: AttentionSpans | undefined) => tf.Tensor;

/** Tables and masks for the blocks of a model: blocks that turn alike, or see alike, share theirs. */
export function sequencesFor(
  grid: Grid & { readonly positions: ArrayLike<number>; readonly spans?: AttentionSpans | undefined },
  makeMask: MaskOfWindow = (_, spans) => maskOf(grid, spans),
): Sequences {
  const { rows, length, positions } = grid;
  const rotary = memoized((shape: RotaryShape) => rotaryTables(positions, shape));
  const seen = memoized((window: number | undefined) => {
    const spans = window === undefined || window >= length ? grid.spans : withWindow(grid, window, grid.spans);
    // Kept from the tidy of the block that asks first.
    const mask = memoized((_: true) => tf.keep(makeMask(window, spans)));
    return { spans, mask };
  });
  return {
    of({ rotary: shape, window }) {
      const { spans, mask } = seen.get(window);
      return { rows, length, rotary: shape && rotary.get(shape), spans, mask: () => mask.get(true) };
    },
    free() {
      const tables = rotary.made().flatMap(({ cos, sin, rotateHalf }) => [cos, sin, rotateHalf]);
      tf.dispose([...tables, ...seen.made().flatMap(({ mask }) => mask.made())]);
    },
  };
}

function memoized<Key, Value>(make: (key: Key) => Value) {
  const values = new Map<Key, Value>();
  return {
    get(key: Key): Value {
      const value = values.has(key) ? (values.get(key) as Value) : make(key);
      values.set(key, value);
      return value;
    },
    made: (): Value[] => [...values.values()],
  };
}
