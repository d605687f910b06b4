import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { openAddonDoor } from './addon-door.ts';
import type { NativeBackend } from './backend.ts';
import type { Door } from './door.ts';
import { findEnginePackage, type Missing } from './find-package.ts';
import { describeDoor, type OwnEngineName, registerDoor } from './register.ts';
import { openWasmFiles } from './wasm-files.ts';

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
    door = name === 'wasm' ? openWasmFiles(found.files) : openAddonDoor(found.files[0] as string);
  } catch (error) {
    return { reason: `it does not load: ${error instanceof Error ? error.message : String(error)}` };
  }
  door.setThreads(wantedThreads());
  registerDoor(name, door);
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
  const own = { door, description: describeDoor(door, platform) };
  loaded.set(name, own);
  return own;
}
