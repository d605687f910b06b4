import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { createNativeBackend } from './backend.ts';
import type { Machine } from './machine.ts';
import { registerOperations } from './operations/index.ts';

/** The name under which our own engine registers its backend with tfjs-core. */
export const ownBackendName = 'native';

export interface LoadedEngine {
  readonly machine: Machine;
  /** For what it was built: `linux-x64`. */
  readonly platform: string;
}

let loaded: LoadedEngine | undefined;

/** Loads our own engine and registers its backend; a second call returns the first one's result. */
export function loadOwnEngine(): LoadedEngine | { readonly reason: string } {
  if (loaded) return loaded;
  const path = process.env.COUNTERWEIGHT_ENGINE_FILE;
  if (!path) return { reason: 'COUNTERWEIGHT_ENGINE_FILE is not set' };
  const machine = createRequire(import.meta.url)(path) as Machine;
  machine.setThreads(availableParallelism());
  const backend = createNativeBackend(machine);
  tf.registerBackend(ownBackendName, () => backend, 2);
  registerOperations(ownBackendName);
  loaded = { machine, platform: `${process.platform}-${process.arch}` };
  return loaded;
}

export function describeOwnEngine({ machine, platform }: LoadedEngine): string {
  const threads = machine.threads();
  const inThreads = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return `our own engine for ${platform}, ${machine.instructionSet()}, ${inThreads}`;
}
