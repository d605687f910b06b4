import { BLOCK_TYPE_NUMBERS } from '../../tensor/block-types.ts';

/**
 * The engine's door (`native/engine/engine.h`), the same for the add-on and for WebAssembly: memory by address, and calls
 * through a mailbox.
 */
export interface Door {
  /**
   * What a call is written into, and its results are read from. WebAssembly's memory grows, so ask for it anew after
   * whatever may allocate.
   */
  readonly mailbox: Float64Array;
  /** Calls what lies in the mailbox: 0, or another number when it failed. */
  run(): number;
  /** Why the last call failed. */
  message(): string;
  /** `[{"name":"CwSwiglu","attributes":[]},…]`: the operations, by their numbers. */
  describe(): string;
  /** The widest that the kernels use on this processor: `avx512`. */
  instructionSet(): string;
  threads(): number;
  /** How many threads compute, this one among them. */
  setThreads(count: number): void;
  /** The address of a block of memory, of undefined content; 0 without memory. */
  allocate(bytes: number): number;
  free(address: number): void;
  /** A copy. */
  read(address: number, bytes: number): ArrayBuffer;
  write(address: number, bytes: Uint8Array): void;
  memory(): EngineMemory;
  /** Gives the pool's memory back to the system. */
  emptyPool(): void;
  /** How processes that train together speak; of an add-on, where there is such a thing. */
  readonly mpi?: MpiDoor;
}

/** `native/workers/collectives.h`. Its calls return when all workers have made them. */
export interface MpiDoor {
  /** @throws {Error} what is wrong with the library */
  open(library: string): { readonly rank: number; readonly size: number; readonly version: string };
  exchange(own: Uint8Array): ArrayBuffer[];
  /** Of a vector in f32 at an address; bounds as in `training/communicator.ts`. */
  sumParts(address: number, bounds: Float64Array): void;
  shareParts(address: number, bounds: Float64Array): void;
  /** Waits for the others to close too. */
  close(): void;
  /** Ends all workers, and the launcher with this status. */
  abort(code: number): void;
}

/** In bytes. */
export interface EngineMemory {
  /** In blocks that are allocated. */
  readonly used: number;
  /** In blocks that wait to be used again. */
  readonly pooled: number;
  /** The most that both were together. */
  readonly peak: number;
  /** How many are allocated. */
  readonly blocks: number;
}

/** The numbers of types in the mailbox; the last ones are of matrices in blocks (`native/engine/stored.h`). */
export const ElementType = { float32: 0, bfloat16: 1, int32: 2, bool: 3, ...BLOCK_TYPE_NUMBERS } as const;
export type ElementTypeNumber = (typeof ElementType)[keyof typeof ElementType];
