import { Worker } from 'node:worker_threads';
import type { WasmGlobal, WasmImports, WasmMemory, WasmModule, WebAssemblyInterface } from './webassembly.ts';

/** A thread's own part of the memory that all threads share. */
export interface ThreadStart {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** Addresses. The stack grows downwards from its top. */
  readonly stackTop: number;
  readonly variables: number;
}

/**
 * What a module takes from outside. The C library would write its last words through the system's calls, of which there
 * are none: what follows is `unreachable`, which says as much.
 */
export function importsOf(memory: WasmMemory): WasmImports {
  const badDescriptor = () => 8;
  const system = { fd_write: badDescriptor, fd_seek: badDescriptor, fd_close: badDescriptor };
  return { env: { memory }, wasi_snapshot_preview1: system };
}

/**
 * Starts a thread that enters the engine's pool for good: it sleeps there until there is work, and ends with the process,
 * which it does not keep from ending.
 */
export function startThread(start: ThreadStart): void {
  // A program of its own text, because it starts in half the time of a file with imports, and nothing has to be found.
  // No options of this process: a loader that tests or tools use would start in every thread.
  const worker = new Worker(
    `(${enterPool})(require('node:worker_threads').workerData, ${importsOf}, require('node:fs').writeSync)`,
    {
      eval: true,
      workerData: start,
      execArgv: [],
      env: {},
    },
  );
  worker.unref();
}

interface ThreadExports {
  readonly __stack_pointer: WasmGlobal;
  __wasm_init_tls(address: number): void;
  helpForever(): void;
}

/** The program of a thread; its text is all that arrives there. */
function enterPool(
  start: ThreadStart,
  imports: typeof importsOf,
  write: (descriptor: number, text: string) => void,
): void {
  try {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };
    const exports = new WebAssembly.Instance(start.module, imports(start.memory)).exports as ThreadExports;
    exports.__stack_pointer.value = start.stackTop;
    exports.__wasm_init_tls(start.variables);
    exports.helpForever();
  } catch (error) {
    // The caller waits for this thread's part, and would for ever.
    write(2, `A thread of the WebAssembly engine has failed: ${error}\n`);
    process.kill(process.pid, 'SIGABRT');
  }
}
