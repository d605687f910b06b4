import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, BlockStorage, NamedKernels, SharedMemory } from '../../tensor/kernels.ts';
import { type CallAttributes, createCalls } from './calls.ts';
import { type Door, ElementType } from './door.ts';
import {
  blockTypeOf,
  DTYPES,
  readValues,
  type StoredTensor,
  sharedValues,
  storedResult,
  storeValues,
} from './stored-tensor.ts';

/** A tfjs backend whose tensors lie in the engine's memory. Operations are registered apart (`operations/`). */
export interface NativeBackend extends NamedKernels, SharedMemory, BlockStorage {
  readonly door: Door;
  /** Calls an operation of the engine. The results belong to the caller: no scope of tfjs knows them. */
  call(name: string, inputs: readonly tf.TensorInfo[], attributes?: CallAttributes): tf.TensorInfo[];
  /** Where a tensor's values lie in the engine's memory. */
  addressOf(dataId: object): number;
  /** Whether the engine has an operation of this name. */
  has(name: string): boolean;
  incRef(dataId: object): void;
  readSync(dataId: object): tf.backend_util.BackendValues;
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** A backend behind a door, to be registered with `tf.registerBackend`. */
export function createNativeBackend(door: Door): NativeBackend & tf.KernelBackend {
  const backend = {} as NativeBackend & tf.KernelBackend;
  const data = new tf.DataStorage<StoredTensor>(backend, tf.engine());
  return Object.assign(backend, storageOf(door, data), callsOf(door, data), CLOCK_AND_PRECISION);
}

function storageOf(door: Door, data: tf.DataStorage<StoredTensor>) {
  type Values = tf.backend_util.BackendValues;
  const readSync = (dataId: object): Values => readValues(door, data.get(dataId));
  return {
    door,
    write(values: Values, _shape: number[], dtype: tf.DataType): object {
      const dataId = {};
      data.set(dataId, storeValues(door, values, dtype, 1));
      return dataId;
    },
    move(dataId: object, values: Values, _shape: number[], dtype: tf.DataType, references: number): void {
      data.set(dataId, storeValues(door, values, dtype, references));
    },
    share(dataId: object, offset: number, size: number): object {
      const view = {};
      data.set(view, sharedValues(data.get(dataId), offset, size));
      return view;
    },
    readSync,
    read: async (dataId: object) => readSync(dataId),
    disposeData(dataId: object, force = false): boolean {
      if (!data.has(dataId)) return true;
      const stored = data.get(dataId);
      stored.references--;
      if (!force && stored.references > 0) return false;
      if (--stored.memory.tensors === 0 && stored.memory.address !== 0) door.free(stored.memory.address);
      data.delete(dataId);
      return true;
    },
    refCount: (dataId: object) => (data.has(dataId) ? data.get(dataId).references : 0),
    incRef: (dataId: object) => void data.get(dataId).references++,
    numDataIds: () => data.numDataIds(),
    memory: () => ({ unreliable: false, numBytesInPool: door.memory().pooled }),
  };
}

function callsOf(door: Door, data: tf.DataStorage<StoredTensor>) {
  const { call: callBlocks, has } = createCalls(door);
  const call: NativeBackend['call'] = (name, inputs, attributes) => {
    const blocks = inputs.map(({ dataId, shape }) => {
      const { address, type } = data.get(dataId);
      return { address, type, shape };
    });
    return callBlocks(name, blocks, attributes).map((result) => {
      const dataId = {};
      data.set(dataId, storedResult(result));
      return { dataId, shape: [...result.shape], dtype: DTYPES[result.type] };
    });
  };
  return {
    call,
    has,
    addressOf: (dataId: object) => data.get(dataId).address,
    callKernel: (name: string, inputs: readonly tf.Tensor[], { int, float, bool, type, list }: Attributes) =>
      call(name, inputs, { ...int, ...float, ...bool, ...type, ...list }).map((info) =>
        tf.engine().makeTensorFromTensorInfo(info),
      ),
    isBfloat16: (dataId: object) => data.has(dataId) && data.get(dataId).type === ElementType.bfloat16,
    blockTypeOf: (dataId: object) => (data.has(dataId) ? blockTypeOf(data.get(dataId).type) : undefined),
    writeBlocks(dataId: object, offset: number, blocks: Uint8Array): void {
      const { address, type, bytes } = data.get(dataId);
      if (!blockTypeOf(type) || offset < 0 || offset + blocks.length > bytes)
        throw new Error('No place for these blocks');
      door.write(address + offset, blocks);
    },
  };
}

/** What tfjs asks of every backend beside. */
const CLOCK_AND_PRECISION = {
  floatPrecision: () => 32,
  epsilon: () => 1e-7,
  timerAvailable: () => true,
  async time(action: () => void) {
    const from = performance.now();
    action();
    return { kernelMs: performance.now() - from };
  },
  dispose() {},
};
