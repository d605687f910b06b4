import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '@counterweight/core';

/** @throws {UserError} for a hub id, which this version does not download. Core checks what is in the folder. */
export function requireModelFolder(model: string, cwd: string): void {
  if (existsSync(resolve(cwd, model)) || !/^[\w.-]+\/[\w.-]+$/.test(model) || model.startsWith('.')) return;
  throw new UserError({
    code: 'model-invalid',
    problem: `There is no folder "${model}", and this version downloads no models by their hub id`,
    where: '--model',
    fix: `Download the model (hf download ${model} --local-dir model), then give its folder: --model ./model.`,
  });
}
