import * as tf from '@tensorflow/tfjs-core';
import { elementwiseKernels } from './elementwise.ts';
import { fallback, kernelNames } from './fallback.ts';
import { isOwnType, type Kernel, type KernelTable } from './kernel.ts';
import { reductionKernels } from './reductions.ts';
import { shapeKernels } from './shapes.ts';
import { valueKernels } from './values.ts';

const own: KernelTable = { ...elementwiseKernels, ...reductionKernels, ...shapeKernels, ...valueKernels };

/** The kernels of tfjs that are computed in the engine. */
export const ownKernels: readonly string[] = Object.keys(own);

/** Those that would be computed by tfjs's implementation in JavaScript, where that is installed. */
export const fallbackKernels = (): string[] => kernelNames().filter((name) => !(name in own));

/** A kernel of ours for the types that we have, and tfjs's for strings. */
function byType(name: string, kernel: Kernel): Kernel {
  const other = fallback(name);
  return (call) => (Object.values(call.inputs).every(({ dtype }) => isOwnType(dtype)) ? kernel(call) : other(call));
}

/** Registers all kernels with tfjs-core for a backend of this name, which has to be a `NativeBackend`. */
export function registerOperations(backendName: string): void {
  const register = (kernelName: string, kernel: Kernel) =>
    tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as unknown as tf.KernelFunc });
  for (const [name, kernel] of Object.entries(own)) register(name, byType(name, kernel));
  for (const name of fallbackKernels()) register(name, fallback(name));
}
