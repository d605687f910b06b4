import * as tf from '@tensorflow/tfjs-core';
import { type ParameterSpec, type Parameters, sizeOf } from './parameters.ts';

/**
 * The model's weights: frozen ones as they are, trainable ones as views of one flat vector, so that the optimizer
 * updates a single tensor. Gradients come in by name and leave as one flat vector of the same order.
 */
export interface ParameterStore extends Parameters {
  /** The trainable parameters in the order of the flat vector: those with weight decay first. */
  readonly trainable: readonly ParameterSpec[];
  readonly trainableSize: number;
  /** Elements at the beginning of the flat vector that weight decay applies to. */
  readonly decayedSize: number;
  /** The trainable parameters, `[trainableSize]`. The store owns it. */
  readonly vector: tf.Tensor1D;
  /** Puts a new vector in place of the old one, which is freed. */
  replaceVector(vector: tf.Tensor1D): void;
  /** The gradient gathered since the last call, `[trainableSize]`; zero where none came. The caller disposes it. */
  takeGradient(): tf.Tensor1D;
  dispose(): void;
}

/** Takes ownership of the tensors. `trainable` names those of `tensors` that are to be trained. */
export function createParameterStore(
  tensors: ReadonlyMap<string, tf.Tensor>,
  trainableSpecs: readonly ParameterSpec[],
): ParameterStore {
  const trainable = [...trainableSpecs.filter((spec) => spec.decay), ...trainableSpecs.filter((spec) => !spec.decay)];
  const sizes = trainable.map((spec) => sizeOf(spec.shape));
  const trainableSize = sizes.reduce((sum, size) => sum + size, 0);
  const decayedSize = trainable.reduce((sum, spec, i) => sum + (spec.decay ? (sizes[i] as number) : 0), 0);
  const names = new Set(trainable.map((spec) => spec.name));
  const frozen = new Map([...tensors].filter(([name]) => !names.has(name)));
  const gradients = new Map<string, tf.Tensor>();
  const views = new Map<string, tf.Tensor>();
  let vector: tf.Tensor1D = tf.tensor1d([]);

  const initial = flattened(trainable, tensors);
  for (const { name } of trainable) tensors.get(name)?.dispose();

  const store: ParameterStore = {
    trainable,
    trainableSize,
    decayedSize,
    get vector() {
      return vector;
    },
    get(name) {
      const tensor = views.get(name) ?? frozen.get(name);
      if (!tensor) throw new Error(`The model has no parameter "${name}"`);
      return tensor;
    },
    accumulate(name, gradient) {
      if (!names.has(name)) return;
      const before = gradients.get(name);
      const sum = tf.tidy(() => (before ? tf.add(before, gradient()) : gradient()));
      gradients.set(name, tf.keep(sum));
      before?.dispose();
    },
    replaceVector(next) {
      tf.dispose([...views.values(), vector]);
      vector = tf.keep(next);
      const pieces = trainable.length === 0 ? [] : tf.split(vector, sizes);
      for (const [i, { name, shape }] of trainable.entries()) {
        const piece = pieces[i] as tf.Tensor;
        views.set(name, tf.keep(tf.reshape(piece, [...shape])));
        piece.dispose();
      }
    },
    takeGradient() {
      const flat = flattened(trainable, gradients);
      tf.dispose([...gradients.values()]);
      gradients.clear();
      return flat;
    },
    dispose() {
      tf.dispose([...views.values(), ...frozen.values(), ...gradients.values(), vector]);
    },
  };
  store.replaceVector(initial);
  return store;
}

/** The tensors of the parameters one after the other, in one vector; zeros for a parameter that has none. */
function flattened(specs: readonly ParameterSpec[], tensors: ReadonlyMap<string, tf.Tensor>): tf.Tensor1D {
  if (specs.length === 0) return tf.tensor1d([]);
  return tf.tidy(() =>
    tf.concat(
      specs.map(({ name, shape }) => {
        const tensor = tensors.get(name);
        return (tensor ? tf.reshape(tensor, [-1]) : tf.zeros([sizeOf(shape)])) as tf.Tensor1D;
      }),
    ),
  );
}
