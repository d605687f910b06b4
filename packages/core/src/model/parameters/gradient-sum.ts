import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from '../../tensor/engine.ts';
import { callKernel } from '../../tensor/kernels.ts';
import { flattened, type ParameterSpec, sizeOf } from './parameters.ts';

/** Gradients of parameters, added up by name, that leave as one flat vector in the order of the parameters. */
export interface GradientSum {
  /** Adds to a parameter's gradient; `piece` stays the caller's. */
  add(name: string, piece: tf.Tensor): void;
  /** What was added since the last call; zero where nothing was. The caller's, to dispose or to give back. */
  take(): tf.Tensor1D;
  /** Takes back a vector that `take` gave, so that its memory serves the next step. */
  giveBack(gradient: tf.Tensor1D): void;
  dispose(): void;
}

export const gradientSum = (specs: readonly ParameterSpec[]): GradientSum =>
  currentEngine().fusedKernels ? sumInPlace(specs) : sumOfPieces(specs);

/** Every piece is added to its place in one vector, by an operation of ours that changes a tensor. */
function sumInPlace(specs: readonly ParameterSpec[]): GradientSum {
  const offsets = new Map<string, number>();
  let size = 0;
  for (const { name, shape } of specs) {
    offsets.set(name, size);
    size += sizeOf(shape);
  }
  let vector: tf.Tensor1D | undefined;
  // The first piece of a step overwrites what the vector held before.
  const begun = new Set<string>();
  const addTo = (name: string, piece: tf.Tensor) => {
    const sum = vector ?? tf.keep(tf.zeros<tf.Rank.R1>([size]));
    vector = sum;
    const int = { offset: offsets.get(name) as number, overwrite: begun.has(name) ? 0 : 1 };
    callKernel('CwAddTo', [sum, piece], 0, { int });
    begun.add(name);
  };
  return {
    add: addTo,
    take() {
      for (const { name, shape } of specs) {
        if (!begun.has(name)) tf.tidy(() => addTo(name, tf.zeros([...shape])));
      }
      const taken = vector ?? tf.zeros<tf.Rank.R1>([size]);
      vector = undefined;
      begun.clear();
      return taken;
    },
    giveBack(gradient) {
      if (vector) gradient.dispose();
      else vector = tf.keep(gradient);
    },
    dispose: () => vector?.dispose(),
  };
}

/** The plain twin: pieces by name, put together at the end. */
function sumOfPieces(specs: readonly ParameterSpec[]): GradientSum {
  const pieces = new Map<string, tf.Tensor>();
  return {
    add(name, piece) {
      const before = pieces.get(name);
      pieces.set(name, tf.keep(before ? tf.add(before, piece) : tf.clone(piece)));
      before?.dispose();
    },
    take() {
      const flat = flattened(specs, pieces);
      tf.dispose([...pieces.values()]);
      pieces.clear();
      return flat;
    },
    giveBack: (gradient) => gradient.dispose(),
    dispose: () => tf.dispose([...pieces.values()]),
  };
}
