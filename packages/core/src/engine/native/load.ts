import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { openAddonMachine } from './addon-machine.ts';
import { createNativeBackend, type NativeBackend } from './backend.ts';
import { findEnginePackage, type Missing } from './find-package.ts';
import type { Machine } from './machine.ts';
import { registerOperations } from './operations/index.ts';
import { openWasmMachine } from './wasm-machine.ts';

/** Our own engine, as machine code of this platform or as WebAssembly. These are its backends' names too. */
export type OwnEngineName = 'native' | 'wasm';

export interface OwnEngine {
  readonly machine: Machine;
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
  let machine = machineOf(tf.findBackend(name));
  if (machine) return remember(name, machine, found.platform);
  try {
    machine = name === 'wasm' ? openWasmMachine(found.files) : openAddonMachine(found.files[0] as string);
  } catch (error) {
    return { reason: `it does not load: ${error instanceof Error ? error.message : String(error)}` };
  }
  machine.setThreads(wantedThreads());
  const backend = createNativeBackend(machine);
  tf.registerBackend(name, () => backend, name === 'wasm' ? 1 : 2);
  registerOperations(name);
  return remember(name, machine, found.platform);
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
  for (const { machine } of loaded.values()) machine.setThreads(count);
}

function wantedThreads(): number {
  const wanted = Number(process.env.COUNTERWEIGHT_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

/** Of a backend that another copy of this module has registered: tfjs-core's registry is one for the process. */
const machineOf = (backend: object | null): Machine | undefined => (backend as NativeBackend | null)?.machine;

function remember(name: OwnEngineName, machine: Machine, platform: string): OwnEngine {
  const own = { machine, description: describe(machine, platform) };
  loaded.set(name, own);
  return own;
}

function describe(machine: Machine, platform: string): string {
  const threads = machine.threads();
  const inThreads = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return `our own for ${platform}, ${machine.instructionSet()}, ${inThreads}`;
}
