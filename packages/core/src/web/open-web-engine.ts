import { describeDoor, registerDoor, useBackend } from '../engine/native/register.ts';
import { openWasmDoor } from '../engine/native/wasm-door.ts';
import { startWebThread } from '../engine/native/web-worker.ts';
import { type WasmModule, WebAssembly } from '../engine/native/webassembly.ts';
import { type Engine, setCurrentEngine } from '../tensor/engine.ts';

/** As much of a page as decides how many threads there can be: Node's types do not hold it. */
interface Page {
  readonly crossOriginIsolated?: boolean;
  readonly document?: unknown;
}

/**
 * Opens the engine in a page, as WebAssembly. It computes on several threads where memory can be shared, which takes a page
 * that is cross-origin isolated, and in a worker, since a page's own thread may not wait; else on one. Results are the same.
 *
 * @param files where the modules of `@counterweight/engine-wasm` are served; the first that can be compiled is taken
 * @throws {Error} when none can be fetched and compiled
 * @example
 * ```ts
 * import { openWebEngine } from '@counterweight/core/web';
 *
 * const { description } = await openWebEngine(['/relaxed-simd.wasm', '/simd128.wasm']);
 * console.log(description);
 * ```
 */
export async function openWebEngine(
  files: readonly string[],
  { threads = navigator.hardwareConcurrency }: { readonly threads?: number } = {},
): Promise<Engine> {
  const door = openWasmDoor(await compileFirst(files), startWebThread);
  const { crossOriginIsolated = false, document } = globalThis as Page;
  door.setThreads(crossOriginIsolated && document === undefined ? threads : 1);
  registerDoor('wasm', door);
  const engine = await useBackend('wasm', describeDoor(door, 'wasm'));
  setCurrentEngine(engine);
  return engine;
}

async function compileFirst(files: readonly string[]): Promise<WasmModule> {
  let problem: unknown = new Error('The WebAssembly engine has no file');
  for (const file of files) {
    try {
      const response = await fetch(file);
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      return await WebAssembly.compile(new Uint8Array(await response.arrayBuffer()));
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
