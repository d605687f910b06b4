import * as tf from '@tensorflow/tfjs-core';

/** The name under which the WebAssembly package registers its backend. */
export const wasmBackendName = 'wasm';

/** All that its 32 bits address, without the last page: as far as the package lets its memory grow. */
export const wasmBytes = 2 ** 32 - 2 ** 16;

/**
 * Loads the WebAssembly backend, which registers itself, and starts it.
 *
 * Its compiled part (Emscripten's) hangs itself on `uncaughtException` and `unhandledRejection`; an error of the
 * program would then print half a megabyte of its source. These listeners are taken off again.
 */
export async function loadWasmBackend(): Promise<{ readonly version: string }> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
  shareClones();
  await tf.setBackend(wasmBackendName);
  await tf.ready();
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[index]?.includes(listener)) process.off(event, listener);
    }
  }
  return { version };
}

/** As much of the backend as a clone needs. */
interface CountsReferences {
  incRef(dataId: object): void;
}

/**
 * A clone is a second handle on the same numbers, as it is in TensorFlow: nothing changes a tensor. The package's own
 * copies them, and layers clone all that they keep: that made a quarter of a step's memory.
 */
function shareClones(): void {
  tf.unregisterKernel('Identity', wasmBackendName);
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: wasmBackendName,
    kernelFunc: ({ inputs, backend }) => {
      const x = inputs.x as tf.TensorInfo;
      (backend as CountsReferences).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
