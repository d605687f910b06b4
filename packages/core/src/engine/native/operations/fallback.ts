import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../backend.ts';
import type { Info, Kernel } from './kernel.ts';

/** The package that computes what the engine has no operation for; it is found where the user has installed it. */
const PACKAGE = '@tensorflow/tfjs-backend-cpu';
const CPU = 'cpu';

/** As much of that package's backend as takes values in and gives them back. */
interface CpuBackend {
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object;
  readSync(dataId: object): tf.backend_util.BackendValues;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** The names of all kernels that tfjs-core may ask a backend for. */
export const kernelNames = (): string[] =>
  Object.entries(tf).flatMap(([key, value]) => (typeof value === 'string' && key === value ? [key] : []));

/** Where a package could be found: nowhere in a page, which has no `process`. */
const requireHere = (): NodeJS.Require | undefined =>
  globalThis.process?.getBuiltinModule('node:module').createRequire(import.meta.url);

/** Whether there is something to fall back to. */
export function hasFallback(): boolean {
  try {
    return requireHere()?.resolve(PACKAGE) !== undefined;
  } catch {
    return false;
  }
}

/**
 * A kernel that goes by tfjs's own implementation in JavaScript: values are copied there and back. Slow, and there for the
 * sake of programs that use tfjs beside us: our own models ask for nothing that the engine has not.
 */
export function fallback(name: string): Kernel {
  return ({ inputs, attrs, backend }) => {
    const { cpu, kernel } = load(name);
    const given: Info[] = [];
    const lend = (x: Info): Info => {
      if (x.dtype === 'complex64') throw new Error(`${name}: the engine has no complex numbers`);
      const dataId = cpu.write(backend.readSync(x.dataId), x.shape, x.dtype);
      given.push({ ...x, dataId });
      return given.at(-1) as Info;
    };
    const made: Info[] = [];
    try {
      const lent = Array.isArray(inputs)
        ? inputs.map(lend)
        : Object.fromEntries(Object.entries(inputs).flatMap(([key, x]) => (x ? [[key, lend(x)]] : [])));
      const results = kernel({ inputs: lent, attrs, backend: cpu } as unknown as Parameters<tf.KernelFunc>[0]);
      made.push(...[results].flat());
      const own = made.map((result) => bringBack(cpu, backend, result));
      return Array.isArray(results) ? own : (own[0] as Info);
    } finally {
      for (const { dataId } of [...given, ...made]) cpu.disposeData(dataId, true);
    }
  };
}

function bringBack(cpu: CpuBackend, backend: NativeBackend, { dataId, shape, dtype }: Info): Info {
  if (dtype === 'complex64') throw new Error('The engine has no complex numbers');
  return { dataId: backend.write(cpu.readSync(dataId), shape, dtype), shape, dtype };
}

function load(name: string): { readonly cpu: CpuBackend; readonly kernel: tf.KernelFunc } {
  if (!tf.findBackendFactory(CPU)) {
    if (!hasFallback())
      throw new Error(`The engine has no operation ${name}; it would have it with ${PACKAGE} installed`);
    requireHere()?.(PACKAGE);
  }
  const kernel = tf.getKernel(name, CPU)?.kernelFunc;
  if (!kernel) throw new Error(`Neither the engine nor ${PACKAGE} has an operation ${name}`);
  return { cpu: tf.findBackend(CPU) as unknown as CpuBackend, kernel };
}
