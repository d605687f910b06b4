import * as tf from '@tensorflow/tfjs-core';
import { rowsOf } from '../../model/adapters/dora.ts';
import { loraAName, loraBName, magnitudeName, weightName } from '../../model/layers/linear.ts';
import type { Matrix } from '../../model/parameters/matrix.ts';
import { adaptedPartsOf } from '../../model/parameters/parameter-table.ts';
import { type ParameterSpec, sizeOf } from '../../model/parameters/parameters.ts';
import { product } from '../../tensor/product.ts';
import type { TrainableDecoder } from '../../training/step.ts';

/** How far weights θ are from where they were, θ₀. */
export interface Distance {
  /** Σ |θ − θ₀| */
  readonly l1: number;
  /** ‖θ − θ₀‖ */
  readonly l2: number;
  /** ‖θ − θ₀‖ / ‖θ₀‖ */
  readonly relative: number;
}

/** Of all weights together, and of each layer. */
export interface Distances {
  readonly whole: Distance;
  /** By layer: `layers.0` and so on, and what lies outside of them by the name of its parameter. */
  readonly layers: Readonly<Record<string, Distance>>;
}

/** Σ |θ − θ₀|, Σ (θ − θ₀)², Σ θ₀² of a piece of the weights. */
type Sums = readonly [l1: number, squares: number, before: number];

/** Elements that are compared at one time, at most. */
const CHUNK_ELEMENTS = 2 ** 20;

/**
 * The distance of a model's weights from what they were with another vector of trainable parameters. What an adapter
 * changes is measured in the weights it changes: a merged model is as far away as its adapter.
 * @param initial the flat vector θ₀, in the order of the store's own
 */
export async function measureDistance(decoder: TrainableDecoder, initial: tf.Tensor1D): Promise<Distances> {
  const { parameters, blocks } = decoder;
  const places = placesOf(parameters.trainable);
  const ofAdapters = new Set<string>();
  const layers = new Map<string, Sums>();
  const add = async (name: string, sums: tf.Tensor) => {
    const [l1, squares, before] = await sums.data<'float32'>();
    sums.dispose();
    const layer = layerOf(name);
    const [a, b, c] = layers.get(layer) ?? [0, 0, 0];
    layers.set(layer, [a + (l1 as number), b + (squares as number), c + (before as number)]);
  };
  for (const { linear, part, row, rankOffset } of adaptedPartsOf(blocks)) {
    const names = [loraAName(linear), loraBName(part), ...(part.adapter.dora ? [magnitudeName(part)] : [])];
    for (const name of names) ofAdapters.add(name);
    const weight = parameters.matrix(weightName(linear));
    const chunk = Math.max(1, Math.floor(CHUNK_ELEMENTS / linear.inputs));
    for (let from = 0; from < part.outputs; from += chunk) {
      const count = Math.min(chunk, part.outputs - from);
      const sums = tf.tidy(() => {
        const rows = rowsOf(weight as Matrix, linear, row + from, count);
        const withVector = (vector: tf.Tensor1D) => {
          const at = (name: string) => viewOf(vector, places.get(name) as Place);
          const a = tf.slice(at(loraAName(linear)), [rankOffset, 0], [part.adapter.rank, linear.inputs]);
          const b = tf.slice(at(loraBName(part)), [from, 0], [count, part.adapter.rank]);
          const moved = tf.add(rows, product(tf.mul(b, part.adapter.scale), a));
          if (!part.adapter.dora) return moved;
          const lengths = tf.norm(moved, 'euclidean', 1, true);
          const magnitude = tf.reshape(tf.slice(at(magnitudeName(part)), from, count), [count, 1]);
          return tf.mul(moved, tf.divNoNan(magnitude, lengths));
        };
        return sumsOf(withVector(parameters.vector), withVector(initial));
      });
      await add(part.name, sums);
    }
  }
  for (const [name, { offset, shape }] of places) {
    if (ofAdapters.has(name)) continue;
    const size = sizeOf(shape);
    for (let from = 0; from < size; from += CHUNK_ELEMENTS) {
      const count = Math.min(CHUNK_ELEMENTS, size - from);
      const piece = (vector: tf.Tensor1D) => tf.slice(vector, offset + from, count);
      await add(
        name,
        tf.tidy(() => sumsOf(piece(parameters.vector), piece(initial))),
      );
    }
  }
  const whole = [...layers.values()].reduce<Sums>(([a, b, c], [x, y, z]) => [a + x, b + y, c + z], [0, 0, 0]);
  return {
    whole: distanceOf(whole),
    layers: Object.fromEntries([...layers].map(([name, sums]) => [name, distanceOf(sums)])),
  };
}

const distanceOf = ([l1, squares, before]: Sums): Distance => ({
  l1,
  l2: Math.sqrt(squares),
  relative: before === 0 ? 0 : Math.sqrt(squares / before),
});

const sumsOf = (after: tf.Tensor, before: tf.Tensor): tf.Tensor => {
  const change = tf.sub(after, before);
  return tf.stack([tf.sum(tf.abs(change)), tf.sum(tf.square(change)), tf.sum(tf.square(before))]);
};

interface Place {
  readonly offset: number;
  readonly shape: readonly number[];
}

/** Where each parameter lies in the flat vector. */
function placesOf(trainable: readonly ParameterSpec[]): Map<string, Place> {
  let offset = 0;
  const places = new Map<string, Place>();
  for (const { name, shape } of trainable) {
    places.set(name, { offset, shape });
    offset += sizeOf(shape);
  }
  return places;
}

const viewOf = (vector: tf.Tensor1D, { offset, shape }: Place): tf.Tensor =>
  tf.reshape(tf.slice(vector, offset, sizeOf(shape)), [...shape]);

/** `model.layers.3.mlp.down_proj` lies in `layers.3`, `transformer.h.3.…` too. */
function layerOf(name: string): string {
  const number = name.match(/\.(\d+)\./)?.[1];
  return number === undefined ? name.replace(/\.(weight|bias)$/, '') : `layers.${number}`;
}
