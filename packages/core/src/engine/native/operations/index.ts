import * as tf from '@tensorflow/tfjs-core';
import { elementwiseKernels } from './elementwise.ts';
import { fallback, kernelNames } from './fallback.ts';
import type { KernelTable } from './kernel.ts';
import { reductionKernels } from './reductions.ts';
import { shapeKernels } from './shapes.ts';
import { valueKernels } from './values.ts';

const own: KernelTable = { ...elementwiseKernels, ...reductionKernels, ...shapeKernels, ...valueKernels };

/** The kernels of tfjs that are computed in the engine. */
export const ownKernels: readonly string[] = Object.keys(own);

/** Those that would be computed by tfjs's implementation in JavaScript, where that is installed. */
export const fallbackKernels = (): string[] => kernelNames().filter((name) => !(name in own));

/** Registers all kernels with tfjs-core for a backend of this name, which has to be a `NativeBackend`. */
export function registerOperations(backendName: string): void {
  const kernels = { ...own, ...Object.fromEntries(fallbackKernels().map((name) => [name, fallback(name)])) };
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as unknown as tf.KernelFunc });
  }
}
