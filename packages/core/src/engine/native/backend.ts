import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, NamedKernels } from '../../tensor/kernels.ts';
import { type Block, type CallAttributes, createCalls } from './calls.ts';
import { type Machine, MachineType, type MachineTypeNumber } from './machine.ts';

/** What lies behind a tensor's `dataId`. */
interface Stored {
  /** 0 where the values are on JavaScript's side: strings. */
  readonly address: number;
  readonly type: MachineTypeNumber;
  readonly bytes: number;
  readonly values?: tf.backend_util.BackendValues;
  references: number;
}

/** A tfjs backend whose tensors lie in the engine's memory. Operations are registered apart (`operations/`). */
export interface NativeBackend extends NamedKernels {
  readonly machine: Machine;
  /** Calls an operation of the engine. The results belong to the caller: no scope of tfjs knows them. */
  call(name: string, inputs: readonly tf.TensorInfo[], attributes?: CallAttributes): tf.TensorInfo[];
  /** Whether the engine has an operation of this name. */
  has(name: string): boolean;
  incRef(dataId: object): void;
  readSync(dataId: object): tf.backend_util.BackendValues;
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** Bytes that a value takes up, and how many of tfjs's type. */
const BYTES = { [MachineType.float32]: 4, [MachineType.bfloat16]: 2, [MachineType.int32]: 4, [MachineType.bool]: 1 };
const TYPES: Partial<Record<tf.DataType, MachineTypeNumber>> = {
  float32: MachineType.float32,
  int32: MachineType.int32,
  bool: MachineType.bool,
};
/** To tfjs, bfloat16 is float32: tensor/bfloat16.ts. */
const DTYPES = {
  [MachineType.float32]: 'float32',
  [MachineType.bfloat16]: 'float32',
  [MachineType.int32]: 'int32',
  [MachineType.bool]: 'bool',
} as const;

/** A backend on this machine, to be registered with `tf.registerBackend`. */
export function createNativeBackend(machine: Machine): NativeBackend & tf.KernelBackend {
  const { call: callBlocks, has } = createCalls(machine);
  let data: tf.DataStorage<Stored>;

  const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

  function allocate(bytes: number): number {
    const address = machine.allocate(bytes);
    if (address === 0) throw new Error(`No memory for a tensor of ${bytes} bytes`);
    return address;
  }

  function store(dataId: object, values: tf.backend_util.BackendValues, dtype: tf.DataType, references: number): void {
    const type = TYPES[dtype];
    if (type === undefined) {
      data.set(dataId, { address: 0, type: MachineType.bool, bytes: 0, values, references });
      return;
    }
    const raw = bytesOf(values, type);
    const address = allocate(raw.length);
    machine.write(address, raw);
    data.set(dataId, { address, type, bytes: raw.length, references });
  }

  function blockOf({ dataId, shape }: tf.TensorInfo): Block {
    const { address, type } = data.get(dataId);
    return { address, type, shape };
  }

  function own({ address, type, shape }: Block): tf.TensorInfo {
    const dataId = {};
    data.set(dataId, { address, type, bytes: sizeOf(shape) * BYTES[type], references: 1 });
    return { dataId, shape: [...shape], dtype: DTYPES[type] };
  }

  const call: NativeBackend['call'] = (name, inputs, attributes) =>
    callBlocks(name, inputs.map(blockOf), attributes).map(own);

  const backend = {
    machine,
    call,
    has,
    callKernel: (name: string, inputs: readonly tf.Tensor[], attributes: Attributes) =>
      call(name, inputs, { ...attributes.int, ...attributes.float, ...attributes.bool, ...attributes.type }).map((info) =>
        tf.engine().makeTensorFromTensorInfo(info),
      ),
    isBfloat16: (dataId: object) => data.has(dataId) && data.get(dataId).type === MachineType.bfloat16,
    write(values: tf.backend_util.BackendValues, _shape: number[], dtype: tf.DataType): object {
      const dataId = {};
      store(dataId, values, dtype, 1);
      return dataId;
    },
    move(dataId: object, values: tf.backend_util.BackendValues, _shape: number[], dtype: tf.DataType, count: number) {
      store(dataId, values, dtype, count);
    },
    readSync(dataId: object): tf.backend_util.BackendValues {
      const { address, type, bytes, values } = data.get(dataId);
      return values ?? valuesOf(machine.read(address, bytes), type);
    },
    read: async (dataId: object) => backend.readSync(dataId),
    disposeData(dataId: object, force = false): boolean {
      if (!data.has(dataId)) return true;
      const stored = data.get(dataId);
      stored.references--;
      if (!force && stored.references > 0) return false;
      if (stored.address !== 0) machine.free(stored.address);
      data.delete(dataId);
      return true;
    },
    refCount: (dataId: object) => (data.has(dataId) ? data.get(dataId).references : 0),
    incRef: (dataId: object) => void data.get(dataId).references++,
    numDataIds: () => data.numDataIds(),
    memory: () => ({ unreliable: false, numBytesInPool: machine.memory().pooled }),
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
  const asBackend = backend as unknown as NativeBackend & tf.KernelBackend;
  data = new tf.DataStorage<Stored>(asBackend, tf.engine());
  return asBackend;
}

/** As the engine keeps them. */
function bytesOf(values: tf.backend_util.BackendValues, type: MachineTypeNumber): Uint8Array {
  const wanted =
    type === MachineType.float32
      ? values instanceof Float32Array
        ? values
        : Float32Array.from(values as ArrayLike<number>)
      : type === MachineType.int32
        ? values instanceof Int32Array
          ? values
          : Int32Array.from(values as ArrayLike<number>)
        : Uint8Array.from(values as ArrayLike<number>);
  return new Uint8Array(wanted.buffer, wanted.byteOffset, wanted.byteLength);
}

/** As tfjs has them. */
function valuesOf(buffer: ArrayBuffer, type: MachineTypeNumber): tf.backend_util.TypedArray {
  if (type === MachineType.float32) return new Float32Array(buffer);
  if (type === MachineType.int32) return new Int32Array(buffer);
  if (type === MachineType.bool) return new Uint8Array(buffer);
  const words = Uint32Array.from(new Uint16Array(buffer), (upperHalf) => upperHalf << 16);
  return new Float32Array(words.buffer);
}
