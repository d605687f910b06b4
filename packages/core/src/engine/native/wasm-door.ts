import type { Door } from './door.ts';
import { importsOf, type StartThread } from './wasm-thread.ts';
import { type WasmGlobal, type WasmMemory, type WasmModule, WebAssembly } from './webassembly.ts';

/** What `native/doors/wasm.cc` exports. Addresses are numbers that came as signed ones. */
interface Exports {
  readonly __tls_size: WasmGlobal;
  readonly __tls_align: WasmGlobal;
  _initialize(): void;
  mailbox(): number;
  run(): number;
  message(): number;
  describe(): number;
  instructionSet(): number;
  threads(): number;
  setThreads(count: number): void;
  reserve(bytes: number): number;
  allocate(bytes: number): number;
  free(address: number): void;
  memoryUsage(): number;
  emptyPool(): void;
}

const pageBytes = 2 ** 16;
/** As the linker was told: what the memory has at the start, and all that 32 bits address, without the last page. */
const firstPages = 256;
const mostPages = 2 ** 16 - 1;
/** Bytes of memory that a WebAssembly engine can have. */
export const wasmBytes = mostPages * pageBytes;
const stackBytes = 2 ** 20;
const mailboxLength = 65_536;

/**
 * The engine as a WebAssembly module, its memory shared among threads that are workers. It knows neither Node nor a page:
 * in a page shared memory needs cross-origin isolation as soon as there is more than one thread, and the thread that
 * computes must be a worker there.
 */
export function openWasmDoor(module: WasmModule, startThread: StartThread): Door {
  const memory = createMemory();
  const exports = new WebAssembly.Instance(module, importsOf(memory)).exports as Exports;
  exports._initialize();

  // Memory that is shared grows in its place: an older view stays right, and ends earlier.
  let view = new Uint8Array(memory.buffer);
  const bytesUpTo = (end: number): Uint8Array => {
    if (end > view.length) view = new Uint8Array(memory.buffer);
    return view;
  };
  const textAt = (address: number): string => {
    const start = address >>> 0;
    const bytes = bytesUpTo(start + 1);
    return new TextDecoder().decode(bytes.slice(start, bytes.indexOf(0, start)));
  };
  let started = 1;
  const startThreads = (count: number) => {
    for (; started < count; started++) startThread({ module, memory, ...reserveThread(exports) });
  };

  return {
    mailbox: new Float64Array(memory.buffer, exports.mailbox() >>> 0, mailboxLength),
    run: exports.run,
    message: () => textAt(exports.message()),
    describe: () => textAt(exports.describe()),
    instructionSet: () => textAt(exports.instructionSet()),
    threads: exports.threads,
    setThreads(count) {
      startThreads(count);
      exports.setThreads(count);
    },
    allocate: (bytes) => (bytes < wasmBytes ? exports.allocate(bytes) >>> 0 : 0),
    free: exports.free,
    read: (address, bytes) => bytesUpTo(address + bytes).slice(address, address + bytes).buffer as ArrayBuffer,
    write: (address, bytes) => bytesUpTo(address + bytes.length).set(bytes, address),
    memory() {
      const address = exports.memoryUsage() >>> 0;
      const [used = 0, pooled = 0, peak = 0, blocks = 0] = new Uint32Array(memory.buffer, address, 4);
      return { used, pooled, peak, blocks };
    },
    emptyPool: exports.emptyPool,
  };
}

/** As much as can grow; where the system sets a limit on addresses, less. */
function createMemory(): WasmMemory {
  for (let maximum = mostPages; ; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: firstPages, maximum, shared: true });
    } catch (error) {
      if (maximum / 2 < firstPages) throw error;
    }
  }
}

/** A stack, and behind it the thread's variables. */
function reserveThread(exports: Exports): { readonly stackTop: number; readonly variables: number } {
  const align = Math.max(16, exports.__tls_align.value);
  const start = exports.reserve(stackBytes + exports.__tls_size.value + align) >>> 0;
  if (start === 0) throw new Error('WebAssembly has no memory for a thread');
  const stackTop = Math.ceil((start + stackBytes) / align) * align;
  return { stackTop, variables: stackTop };
}
