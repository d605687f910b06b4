import { UserError } from '../errors.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import { currentEngine } from '../tensor/engine.ts';

/** @throws {UserError} `engine-unavailable` when the open engine cannot compute in this precision. */
export function assertPrecision(precision: Precision): void {
  const { name, fusedKernels } = currentEngine();
  if (precision === 'f32' || fusedKernels) return;
  throw new UserError({
    code: 'engine-unavailable',
    problem: `The engine ${name} computes in f32 only here: bf16 needs our own engine.`,
    where: 'option precision',
    fix: 'Take the engine native or wasm (see `counterweight doctor`), or leave the precision at auto.',
  });
}
