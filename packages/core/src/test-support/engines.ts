import type { TestContext } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { UserError } from '../errors.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import type { EngineName } from '../tensor/engine.ts';
import { currentEngine, setCurrentEngine } from '../tensor/engine.ts';

/** The engines to test on: WebAssembly always, the others where they are installed. */
export async function enginesToTest(): Promise<EngineName[]> {
  const usable: EngineName[] = ['wasm'];
  for (const name of ['native', 'tfjs-node'] as const) if (await opens(name)) usable.push(name);
  return usable;
}

/** Those with operations of our own, which are tested against their plain twins. */
export async function enginesWithKernels(): Promise<EngineName[]> {
  const names: EngineName[] = [];
  for (const name of await enginesToTest()) if ((await openEngine(name)).fusedKernels) names.push(name);
  return names;
}

async function opens(name: EngineName): Promise<boolean> {
  try {
    await openEngine(name);
    return true;
  } catch (error) {
    if (error instanceof UserError && error.code === 'engine-unavailable') return false;
    throw error;
  }
}

/** Skips a test of bfloat16 on an engine that has no operations of ours, and so no bfloat16. */
export function skipWithoutBfloat16({ skip }: Pick<TestContext, 'skip'>, precision: Precision = 'bf16'): void {
  skip(precision === 'bf16' && !currentEngine().fusedKernels, 'this engine computes in f32 only');
}

/** Runs something on the open engine as if it had no operations of ours: their plain twins, which a tape can follow. */
export function withoutKernels<Result>(action: () => Result): Result {
  const engine = currentEngine();
  setCurrentEngine({ ...engine, fusedKernels: false });
  try {
    return action();
  } finally {
    setCurrentEngine(engine);
  }
}
