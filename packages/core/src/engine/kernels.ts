import * as tf from '@tensorflow/tfjs-core';

/** As much of tfjs-node's backend as calls an operation of TensorFlow by its name. */
interface NamedOperations {
  executeMultipleOutputs(
    name: string,
    attributes: readonly never[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/**
 * Calls one of our own operations inside TensorFlow (`native/kernels`). Only where `currentEngine().fusedKernels`. No
 * gradient tape sees it.
 *
 * @throws {Error} when the operation refuses its inputs.
 */
export function callKernel<Outputs extends readonly tf.Tensor[]>(
  name: string,
  inputs: readonly tf.Tensor[],
  outputs: Outputs['length'],
): Outputs {
  const backend = tf.backend() as unknown as NamedOperations;
  return backend.executeMultipleOutputs(name, [], inputs, outputs) as unknown as Outputs;
}
