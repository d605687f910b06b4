import type { WasmGlobal, WasmImports, WasmMemory, WasmModule, WebAssemblyInterface } from './webassembly.ts';

/** A thread's own part of the memory that all threads share. */
export interface ThreadStart {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** Addresses. The stack grows downwards from its top. */
  readonly stackTop: number;
  readonly variables: number;
}

/** Starts a worker, in Node or in a page, whose program is {@link threadProgram}. */
export type StartThread = (start: ThreadStart) => void;

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
 * The program of a thread, as a text: it starts in half the time of a file with imports, and nothing has to be found.
 * @param start an expression for the {@link ThreadStart} that has arrived
 * @param fail one for a function that is told why the thread has failed
 */
export const threadProgram = (start: string, fail: string): string => `(${enterPool})(${start}, ${importsOf}, ${fail})`;

interface ThreadExports {
  readonly __stack_pointer: WasmGlobal;
  __wasm_init_tls(address: number): void;
  helpForever(): void;
}

/** Enters the engine's pool for good: sleeps there until there is work. Its text is all that arrives in a thread. */
function enterPool(start: ThreadStart, imports: typeof importsOf, fail: (reason: string) => void): void {
  try {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };
    const exports = new WebAssembly.Instance(start.module, imports(start.memory)).exports as ThreadExports;
    exports.__stack_pointer.value = start.stackTop;
    exports.__wasm_init_tls(start.variables);
    exports.helpForever();
  } catch (error) {
    fail(`A thread of the WebAssembly engine has failed: ${error}`);
  }
}
