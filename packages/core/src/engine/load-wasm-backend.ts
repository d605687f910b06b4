import * as tf from '@tensorflow/tfjs-core';

/** The name under which the WebAssembly package registers its backend. */
export const wasmBackendName = 'wasm';

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
  await tf.setBackend(wasmBackendName);
  await tf.ready();
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[index]?.includes(listener)) process.off(event, listener);
    }
  }
  return { version };
}
