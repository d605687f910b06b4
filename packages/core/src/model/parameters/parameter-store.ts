import * as tf from '@tensorflow/tfjs-core';
import { type Precision, toPrecision } from '../../tensor/bfloat16.ts';
import type { BlockType } from '../../tensor/block-types.ts';
import { blockTypeOf } from '../../tensor/quantized.ts';
import { viewOf } from '../../tensor/view.ts';
import { gradientSum } from './gradient-sum.ts';
import { matrixOf } from './matrix.ts';
import { inVectorOrder, type ParameterGroup, parameterGroupsOf } from './parameter-groups.ts';
import { flattened, type ParameterSpec, type Parameters, sizeOf } from './parameters.ts';

/**
 * The model's weights: frozen ones as they are, trainable ones as views of one flat vector, so that the optimizer
 * updates a single tensor. Gradients come in by name and leave as one flat vector of the same order.
 */
export interface ParameterStore extends Parameters {
  /** The trainable parameters in the order of the flat vector. */
  readonly trainable: readonly ParameterSpec[];
  readonly trainableSize: number;
  /** The others, which training only reads. */
  readonly frozen: readonly Pick<ParameterSpec, 'name' | 'shape'>[];
  /** Those of them that lie in blocks. */
  readonly blocks: ReadonlyMap<string, BlockType>;
  /** What the flat vector is made of, from its beginning to its end. */
  readonly groups: readonly ParameterGroup[];
  /** The trainable parameters, `[trainableSize]`. The store owns it. */
  readonly vector: tf.Tensor1D;
  /** Puts a new vector in place of the old one, which is freed; or the same, after it was written into. */
  replaceVector(vector: tf.Tensor1D): void;
  /** The gradient gathered since the last call, `[trainableSize]`; zero where none came. The caller disposes it. */
  takeGradient(): tf.Tensor1D;
  /** Instead of disposing it: its memory serves the next step. */
  giveBackGradient(gradient: tf.Tensor1D): void;
  dispose(): void;
}

/**
 * Takes ownership of the tensors. `trainableSpecs` names those of `tensors` that are to be trained; `precision` is that
 * of the frozen ones and of the activations. What is frozen now and was `trained` stays in f32: an adapter that is used.
 */
export function createParameterStore(
  tensors: ReadonlyMap<string, tf.Tensor>,
  trainableSpecs: readonly ParameterSpec[],
  precision: Precision = 'f32',
  trained: readonly ParameterSpec[] = trainableSpecs,
): ParameterStore {
  const trainable = inVectorOrder(trainableSpecs);
  const sizes = trainable.map((spec) => sizeOf(spec.shape));
  const trainableSize = sizes.reduce((sum, size) => sum + size, 0);
  const names = new Set(trainable.map((spec) => spec.name));
  const inF32 = new Set(trained.map((spec) => spec.name));
  const frozen = new Map([...tensors].filter(([name]) => !names.has(name)).map(inPrecision(precision, inF32)));
  const gradients = gradientSum(trainable);
  const views = new Map<string, tf.Tensor>();
  const derived = new Map<string, { readonly tensor: tf.Tensor; readonly constant: boolean }>();
  let vector: tf.Tensor1D = tf.tensor1d([]);

  const initial = flattened(trainable, tensors);
  for (const { name } of trainable) tensors.get(name)?.dispose();

  const store: ParameterStore = {
    trainable,
    precision,
    trainableSize,
    frozen: [...frozen].map(([name, { shape }]) => ({ name, shape })),
    blocks: blocksOf(frozen),
    groups: parameterGroupsOf(trainable),
    get vector() {
      return vector;
    },
    get(name) {
      const tensor = views.get(name) ?? frozen.get(name);
      if (!tensor) throw new Error(`The model has no parameter "${name}"`);
      return tensor;
    },
    matrix: (name) => matrixOf(store.get(name)),
    accumulate(name, gradient) {
      if (names.has(name)) tf.tidy(() => gradients.add(name, gradient()));
    },
    derive(name, from, make) {
      const before = derived.get(name);
      if (before) return before.tensor;
      const tensor = tf.keep(tf.tidy(make));
      derived.set(name, { tensor, constant: !from.some((parameter) => names.has(parameter)) });
      return tensor;
    },
    replaceVector(next) {
      if (next !== vector) vector.dispose();
      vector = tf.keep(next);
      tf.dispose([...views.values()]);
      for (const [name, { tensor, constant }] of derived) {
        if (constant) continue;
        tensor.dispose();
        derived.delete(name);
      }
      let offset = 0;
      for (const [i, { name, shape }] of trainable.entries()) {
        views.set(name, tf.keep(viewOf(vector, offset, shape)));
        offset += sizes[i] as number;
      }
    },
    takeGradient: gradients.take,
    giveBackGradient: gradients.giveBack,
    dispose() {
      tf.dispose([...views.values(), ...frozen.values(), vector]);
      for (const { tensor } of derived.values()) tensor.dispose();
      gradients.dispose();
    },
  };
  store.replaceVector(initial);
  return store;
}

const blocksOf = (tensors: ReadonlyMap<string, tf.Tensor>): Map<string, BlockType> =>
  new Map(
    [...tensors].flatMap(([name, tensor]) => {
      const type = blockTypeOf(tensor);
      return type ? [[name, type]] : [];
    }),
  );

/** Matrices in the model's precision, but those in blocks and those named; norms and biases stay in f32. Disposes what it converts. */
const inPrecision =
  (precision: Precision, inF32: ReadonlySet<string>) =>
  ([name, tensor]: [string, tf.Tensor]): [string, tf.Tensor] => {
    const stays = tensor.rank < 2 || blockTypeOf(tensor) !== undefined || inF32.has(name);
    if (precision === 'f32' || stays) return [name, tensor];
    const converted = tf.keep(toPrecision(tensor, precision));
    if (converted !== tensor) tensor.dispose();
    return [name, converted];
  };
