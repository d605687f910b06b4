import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { NativePackage, Probe } from './install/native-package.ts';

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

interface LoadedBackend extends Probe {
  readonly package: NativePackage;
}

/** The name under which tfjs-node registers its backend. */
export const nativeBackendName = 'tensorflow';

let loaded: LoadedBackend | undefined;

/**
 * Loads the parts of tfjs-node that compute (binding, backend) and registers the backend with tfjs-core.
 * The package's own entry point would bring layers, converters and a WebGL backend along, and write to the terminal.
 *
 * The package has a tfjs-core of its own. Both copies keep engine, environment and kernels in globals, so they share
 * them: tensors of one are tensors of the other.
 *
 * One process holds one TensorFlow: a second call returns the first one's result.
 *
 * @throws {Error} when the binding does not load.
 */
export function loadNativeBackend(candidate: NativePackage): LoadedBackend {
  if (loaded) return loaded;
  const load = createRequire(join(candidate.folder, 'package.json'));
  restoreOldUtilities();
  useOneDnn();
  loadQuietly(load, candidate);
  const binding = load(candidate.bindingPath) as Binding;
  const { NodeJSKernelBackend } = withoutTfjsBanners(() => {
    load('./dist/register_all_kernels.js');
    return load('./dist/nodejs_kernel_backend.js') as BackendModule;
  });
  const backend = new NodeJSKernelBackend(binding, `@tensorflow/${candidate.engine}`);
  if (!tf.findBackendFactory(nativeBackendName)) tf.registerBackend(nativeBackendName, () => backend, 3);
  loaded = { package: candidate, tensorflowVersion: binding.TF_Version, usesGpu: backend.isUsingGpuDevice };
  return loaded;
}

/**
 * TensorFlow leaves oneDNN off where a processor has no AVX-512. Its f32 products are faster there too (by a third), and
 * it brings an allocator that needs less memory.
 */
function useOneDnn(): void {
  if (process.arch === 'x64') process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
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
