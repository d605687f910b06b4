/** As much of WebAssembly's interface as the engine uses: neither Node's types nor ES2023's hold it. */
export interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => { readonly exports: unknown };
  /** Sizes are in pages of 64 KiB. */
  readonly Memory: new (size: {
    initial: number;
    maximum: number;
    shared: true;
  }) => WasmMemory;
}

/** Compiled; threads share it. */
export type WasmModule = object;

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

export interface WasmGlobal {
  value: number;
}

export type WasmImports = Readonly<Record<string, Readonly<Record<string, WasmMemory | (() => number)>>>>;

export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface };
