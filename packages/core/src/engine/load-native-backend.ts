import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { acceptBfloat16 } from './bfloat16.ts';
import { kernelsWanted, type NativePackage, type Probe } from './native-package.ts';

/** As much of tfjs-node's own modules as is used here; the package is not a dependency, so it has no types here. */
interface Binding {
  readonly TF_Version: string;
}
interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice: boolean;
}
interface BackendModule {
  readonly NodeJSKernelBackend: new (binding: Binding, packageName: string) => NodeBackend;
}

/** The name under which tfjs-node registers its backend. */
export const nativeBackendName = 'tensorflow';

let loaded: (Probe & { readonly package: NativePackage }) | undefined;

/**
 * Loads the parts of tfjs-node that compute (binding, kernels, backend) and registers the backend with tfjs-core.
 * The package's own entry point would bring layers, converters and a WebGL backend along, and write to the terminal.
 *
 * The package has a tfjs-core of its own. Both copies keep engine, environment and kernels in globals, so they share
 * them: tensors of one are tensors of the other.
 *
 * One process holds one TensorFlow: a second call returns the first one's result.
 *
 * @throws {Error} when the binding does not load.
 */
export function loadNativeBackend(candidate: NativePackage): Probe & { readonly package: NativePackage } {
  if (loaded) return loaded;
  const load = createRequire(join(candidate.folder, 'package.json'));
  restoreOldUtilities();
  loadQuietly(load, candidate);
  const binding = load(candidate.bindingPath) as Binding;
  const { NodeJSKernelBackend } = withoutTfjsBanners(() => {
    load('./dist/register_all_kernels.js');
    return load('./dist/nodejs_kernel_backend.js') as BackendModule;
  });
  const backend = new NodeJSKernelBackend(binding, `@tensorflow/${candidate.engine}`);
  acceptBfloat16(backend);
  if (!tf.findBackendFactory(nativeBackendName)) tf.registerBackend(nativeBackendName, () => backend, 3);
  const usesGpu = backend.isUsingGpuDevice;
  const fusedKernels = !usesGpu && kernelsWanted() && registerKernels(load, candidate);
  loaded = { package: candidate, tensorflowVersion: binding.TF_Version, usesGpu, fusedKernels };
  return loaded;
}

/** Registers our own operations (for the CPU) with the TensorFlow that is loaded; without them all works, slower. */
function registerKernels(load: NodeJS.Require, { kernelsPath }: NativePackage): boolean {
  if (!kernelsPath) return false;
  try {
    const { register } = load(kernelsPath) as { register(): string | undefined };
    return register() === undefined;
  } catch {
    return false;
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 took away, and that warn in the versions before. */
function restoreOldUtilities(): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}

/** Keeps TensorFlow's log lines from the terminal, except where TF_CPP_MIN_LOG_LEVEL is set to 0 or 1 to see them. */
function loadQuietly(load: NodeJS.Require, candidate: NativePackage): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  if (!candidate.preload || Number(process.env.TF_CPP_MIN_LOG_LEVEL) < 2) return;
  const { preload } = load(candidate.preload.addonPath) as { preload(path: string): string | undefined };
  const problem = preload(candidate.preload.libraryPath);
  if (problem) throw new Error(problem);
}

/** A second copy of tfjs-core warns that the platform is already set, except where the PROD flag is up. */
function withoutTfjsBanners<Result>(action: () => Result): Result {
  const before = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  try {
    return action();
  } finally {
    tf.env().set('PROD', before);
  }
}
