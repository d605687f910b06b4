import * as tf from '@tensorflow/tfjs-core';

/** An attribute of an operation, as tfjs-node's binding takes it. */
interface BoundAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** As much of tfjs-node's backend as calls an operation of TensorFlow by its name. */
export interface NamedOperations {
  readonly binding: {
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_TYPE: number;
  };
  executeMultipleOutputs(
    name: string,
    attributes: readonly BoundAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/** What an operation is told beside its tensors. Types of inputs need not be told: TensorFlow sees them. */
export interface Attributes {
  readonly int?: Readonly<Record<string, number>>;
  readonly float?: Readonly<Record<string, number>>;
  readonly bool?: Readonly<Record<string, boolean>>;
  /** TensorFlow's numbers of types. */
  readonly type?: Readonly<Record<string, number>>;
}

/**
 * Calls an operation of TensorFlow by its name: one of our own (`native/kernels`, where `currentEngine().fusedKernels`),
 * or one of its own that tfjs does not offer. No gradient tape sees it.
 *
 * @throws {Error} when the operation refuses its inputs.
 */
export function callKernel<Outputs extends readonly tf.Tensor[]>(
  name: string,
  inputs: readonly tf.Tensor[],
  outputs: Outputs['length'],
  attributes: Attributes = {},
): Outputs {
  const backend = tf.backend() as unknown as NamedOperations;
  const { TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_TYPE } = backend.binding;
  const bound = [
    ...bind(TF_ATTR_INT, attributes.int),
    ...bind(TF_ATTR_FLOAT, attributes.float),
    ...bind(TF_ATTR_BOOL, attributes.bool),
    ...bind(TF_ATTR_TYPE, attributes.type),
  ];
  return backend.executeMultipleOutputs(name, bound, inputs, outputs) as unknown as Outputs;
}

const bind = (type: number, values: Readonly<Record<string, number | boolean>> = {}): BoundAttribute[] =>
  Object.entries(values).map(([name, value]) => ({ name, type, value }));
