import * as tf from '@tensorflow/tfjs-core';
import type { ParameterStore } from '../../model/parameters/parameter-store.ts';
import { callKernel } from '../../tensor/kernels.ts';
import { viewOf } from '../../tensor/view.ts';
import type { Communicator } from '../communicator.ts';
import { type AdamState, adamW, freshAdamState } from './adamw.ts';
import { type Optimizer, partsOf } from './optimizer.ts';

/**
 * Every worker keeps the moments of its part of the flat vector, and updates that alone (ZeRO's first stage, Rajbhandari
 * et al. 2019, arXiv 1910.02054):
 *
 *     gradient    worker 0: [ sum  |  own ]    worker 1: [ own  |  sum ]      sumParts
 *     norm        the squares of each part, told to all
 *     parameters  worker 0: [ new  |  old ]    worker 1: [ old  |  new ]      AdamW
 *                 both:     [ new  |  new ]                                   shareParts
 *
 * To the bit what `wholeOptimizer` makes, with as much traffic and 8 / N bytes a parameter in place of 8. For our own
 * engine, whose updates are made in place, and parameters that all learn at one rate.
 */
export function shardedOptimizer(parameters: ParameterStore, workers: Communicator): Optimizer {
  const { trainableSize, groups } = parameters;
  const parts = partsOf(trainableSize, workers.size);
  const [from, to] = [parts[workers.rank] as number, parts[workers.rank + 1] as number];
  const size = to - from;
  const own = (vector: tf.Tensor1D) => viewOf(vector, from, [size]) as tf.Tensor1D;
  const decayedSize = Math.min(size, Math.max(0, (groups[0]?.decayedSize ?? 0) - from));

  /** The whole vector of which every worker has its part; in `room`. */
  const gather = async (part: tf.Tensor1D, room: tf.Tensor1D) => {
    write(room, from, part);
    await workers.shareParts(room, parts);
  };
  return {
    fresh: () => freshAdamState(size),
    keep(whole) {
      const kept = { mean: copyOf(own(whole.mean)), variance: copyOf(own(whole.variance)) };
      tf.dispose([whole.mean, whole.variance]);
      return kept;
    },
    async join(gradient) {
      await workers.sumParts(gradient, parts);
      const squares = await workers.exchange(await squaresOf(own(gradient)));
      let sum = 0;
      for (const part of squares) for (const square of part) sum += square;
      return tf.scalar(Math.sqrt(sum));
    },
    async update({ vector, norm }, moments, options) {
      const [values, gradient] = [own(parameters.vector), own(vector)];
      if (size > 0) {
        const group = { size, decayedSize, learningRateScale: 1 };
        adamW(values, { vector: gradient, norm }, moments, { ...options, groups: [group] });
      }
      tf.dispose([values, gradient]);
      await workers.shareParts(parameters.vector, parts);
      parameters.replaceVector(parameters.vector);
      return moments;
    },
    async whole(moments: AdamState) {
      // The gradient's memory, which is not in use between two steps.
      const room = parameters.takeGradient();
      await gather(moments.mean, room);
      const mean = workers.rank === 0 ? copyOf(room) : room;
      await gather(moments.variance, room);
      const release = () => {
        if (mean !== room) mean.dispose();
        parameters.giveBackGradient(room);
      };
      return { moments: { mean, variance: room }, release };
    },
  };
}

/** Of each stretch of a vector, in 64 bits; disposes the vector. */
async function squaresOf(vector: tf.Tensor1D): Promise<Float64Array> {
  const [words] = callKernel<[tf.Tensor]>('CwSquares', [vector], 1);
  const { buffer, byteOffset, length } = await words.data<'int32'>();
  tf.dispose([words, vector]);
  return new Float64Array(buffer, byteOffset, length / 2);
}

/** Writes into the memory of a vector. */
const write = (vector: tf.Tensor1D, offset: number, values: tf.Tensor1D) =>
  callKernel('CwAddTo', [vector, values], 0, { int: { offset, overwrite: 1 } });

/** In memory of its own; disposes a view. */
function copyOf(vector: tf.Tensor1D): tf.Tensor1D {
  const copy = tf.keep(tf.zeros<tf.Rank.R1>([vector.size]));
  write(copy, 0, vector);
  return copy;
}
