import { readFileSync } from 'node:fs';
import type { Door } from './door.ts';
import { openWasmDoor } from './wasm-door.ts';
import { startThread } from './wasm-worker.ts';
import { type WasmModule, WebAssembly } from './webassembly.ts';

/**
 * The engine as WebAssembly, in Node.
 * @param files the first that this process can compile is taken
 */
export const openWasmFiles = (files: readonly string[]): Door => openWasmDoor(compileFirst(files), startThread);

function compileFirst(files: readonly string[]): WasmModule {
  let problem: unknown = new Error('The WebAssembly engine has no file');
  for (const file of files) {
    try {
      return new WebAssembly.Module(readFileSync(file));
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
