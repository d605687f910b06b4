import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../../tensor/engine.ts';
import { createNativeBackend } from './backend.ts';
import type { Door } from './door.ts';
import { registerOperations } from './operations/index.ts';
import { wasmBytes } from './wasm-door.ts';

/** Our own engine, as machine code of this platform or as WebAssembly. These are its backends' names too. */
export type OwnEngineName = 'native' | 'wasm';

/** Registers what lies behind a door as a backend of tfjs-core. */
export function registerDoor(name: OwnEngineName, door: Door): void {
  const backend = createNativeBackend(door);
  tf.registerBackend(name, () => backend, name === 'wasm' ? 1 : 2);
  registerOperations(name);
}

/** @param platform for what it was built */
export function describeDoor(door: Door, platform: string): string {
  const threads = door.threads();
  const inThreads = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return `our own for ${platform}, ${door.instructionSet()}, ${inThreads}`;
}

/** Makes it the backend of tfjs-core. @returns what it can do */
export async function useBackend(name: OwnEngineName, description: string): Promise<Engine> {
  await tf.setBackend(name);
  await tf.ready();
  return {
    name,
    description,
    fusedKernels: true,
    ...(name === 'wasm' && { addressableBytes: wasmBytes }),
  };
}
