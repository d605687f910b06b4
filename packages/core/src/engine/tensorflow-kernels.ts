import * as tf from '@tensorflow/tfjs-core';
import { DataType } from '../tensor/bfloat16.ts';
import type { Attributes, NamedKernels } from '../tensor/kernels.ts';

/** An attribute of an operation, as tfjs-node's binding takes it. */
interface BoundAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

interface NativeTensorInfo {
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** As much of tfjs-node's backend as calls an operation of TensorFlow by its name, and makes tensors. */
interface TensorFlowBackend {
  readonly binding: {
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_TYPE: number;
  };
  readonly tensorMap: {
    get(dataId: object): NativeTensorInfo | undefined;
    set(dataId: object, info: NativeTensorInfo & { id: number; values: null; refCount: number }): void;
  };
  executeMultipleOutputs(
    name: string,
    attributes: readonly BoundAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  createOutputTensor(metadata: NativeTensorInfo & { readonly id: number }): tf.Tensor;
}

/** Lets tfjs-node's backend run operations by name, and take bfloat16 results. To be called once, when it is loaded. */
export function offerNamedKernels(backend: object): void {
  const tensorflow = backend as TensorFlowBackend;
  acceptBfloat16(tensorflow);
  Object.assign(tensorflow, {
    callKernel: (name, inputs, attributes, outputs) =>
      tensorflow.executeMultipleOutputs(name, bindAll(tensorflow, attributes), inputs, outputs),
    isBfloat16: (dataId) => tensorflow.tensorMap.get(dataId)?.dtype === DataType.bfloat16,
  } satisfies NamedKernels);
}

function bindAll({ binding }: TensorFlowBackend, attributes: Attributes): BoundAttribute[] {
  const { TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_TYPE } = binding;
  return [
    ...bind(TF_ATTR_INT, attributes.int),
    ...bind(TF_ATTR_FLOAT, attributes.float),
    ...bind(TF_ATTR_BOOL, attributes.bool),
    ...bind(TF_ATTR_TYPE, attributes.type),
  ];
}

const bind = (type: number, values: Readonly<Record<string, number | boolean>> = {}): BoundAttribute[] =>
  Object.entries(values).map(([name, value]) => ({ name, type, value }));

function acceptBfloat16(backend: TensorFlowBackend): void {
  const makeOther = backend.createOutputTensor.bind(backend);
  backend.createOutputTensor = (metadata) => {
    if (metadata.dtype !== DataType.bfloat16) return makeOther(metadata);
    const { shape, dtype, id } = metadata;
    const dataId = {};
    backend.tensorMap.set(dataId, { shape, dtype, id, values: null, refCount: 1 });
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype: 'float32' });
  };
}
