import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { openAddonDoor } from './addon-door.ts';
import { createNativeBackend, type NativeBackend } from './backend.ts';
import type { Door } from './door.ts';
import { findEnginePackage, type Missing } from './find-package.ts';
import { registerOperations } from './operations/index.ts';
import { openWasmDoor } from './wasm-door.ts';

/** Our own engine, as machine code of this platform or as WebAssembly. These are its backends' names too. */
export type OwnEngineName = 'native' | 'wasm';

export interface OwnEngine {
  readonly door: Door;
  /** For people. */
  readonly description: string;
}

const loaded = new Map<OwnEngineName, OwnEngine>();

/** Loads our own engine and registers its backend with tfjs-core; a second call returns the first one's result. */
export function loadOwnEngine(name: OwnEngineName): OwnEngine | Missing {
  const before = loaded.get(name);
  if (before) return before;
  const found = findEnginePackage(name === 'wasm' ? 'wasm' : 'addon');
  if ('reason' in found) return found;
  let door = doorOf(tf.findBackend(name));
  if (door) return remember(name, door, found.platform);
  try {
    door = name === 'wasm' ? openWasmDoor(found.files) : openAddonDoor(found.files[0] as string);
  } catch (error) {
    return { reason: `it does not load: ${error instanceof Error ? error.message : String(error)}` };
  }
  door.setThreads(wantedThreads());
  const backend = createNativeBackend(door);
  tf.registerBackend(name, () => backend, name === 'wasm' ? 1 : 2);
  registerOperations(name);
  return remember(name, door, found.platform);
}

/**
 * How many threads our own engine computes with, in this process and in those that it starts; without it as many as
 * there are processors for this process, or as `COUNTERWEIGHT_THREADS` says. Results are the same for any number.
 * @example
 * ```ts
 * import { useThreads } from '@counterweight/core';
 *
 * useThreads(2); // leave the other processors to others
 * ```
 */
export function useThreads(count: number): void {
  process.env.COUNTERWEIGHT_THREADS = String(count);
  for (const { door } of loaded.values()) door.setThreads(count);
}

function wantedThreads(): number {
  const wanted = Number(process.env.COUNTERWEIGHT_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

/** Of a backend that another copy of this module has registered: tfjs-core's registry is one for the process. */
const doorOf = (backend: object | null): Door | undefined => (backend as NativeBackend | null)?.door;

function remember(name: OwnEngineName, door: Door, platform: string): OwnEngine {
  const own = { door, description: describe(door, platform) };
  loaded.set(name, own);
  return own;
}

function describe(door: Door, platform: string): string {
  const threads = door.threads();
  const inThreads = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return `our own for ${platform}, ${door.instructionSet()}, ${inThreads}`;
}
