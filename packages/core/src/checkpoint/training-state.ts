import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import type { AdamState } from '../training/optimizer/adamw.ts';
import { valuesOf } from './pretrained/save-model.ts';
import { openSafetensors, writeSafetensors } from './safetensors/safetensors.ts';

/**
 * All that an exact resume needs: the flat vector of trainable parameters, both moments, and the number of steps done.
 * The order of the data follows from seed and step, so it needs no saving.
 */
const STATE = 'state.safetensors';
const PROGRESS = 'progress.json';

export const checkpointName = (step: number) => `step-${String(step).padStart(6, '0')}`;
const stepOf = (name: string): number => Number(name.slice('step-'.length));

/** Writes a checkpoint aside and renames it, so that it is whole or absent; then removes all but the newest `keep`. */
export async function saveTrainingState(
  checkpoints: string,
  state: { step: number; parameters: ParameterStore; adam: AdamState },
  keep: number,
): Promise<string> {
  const folder = join(checkpoints, checkpointName(state.step));
  const aside = `${folder}.partial`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  const vectors = { vector: state.parameters.vector, mean: state.adam.mean, variance: state.adam.variance };
  const tensors = await Promise.all(
    Object.entries(vectors).map(
      async ([name, tensor]) => [name, { shape: tensor.shape, values: await valuesOf(tensor) }] as const,
    ),
  );
  await writeSafetensors(join(aside, STATE), new Map(tensors), {});
  await writeFile(join(aside, PROGRESS), `${JSON.stringify({ step: state.step })}\n`);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
  for (const old of (await listCheckpoints(checkpoints)).slice(0, -keep)) {
    await rm(join(checkpoints, old), { recursive: true });
  }
  return folder;
}

/** Names of whole checkpoints, oldest first. */
async function listCheckpoints(checkpoints: string): Promise<string[]> {
  if (!existsSync(checkpoints)) return [];
  const names = (await readdir(checkpoints)).filter((name) => /^step-\d+$/.test(name));
  return names.sort((a, b) => stepOf(a) - stepOf(b));
}

/** The newest checkpoint's folder, if there is one. */
export async function newestCheckpoint(checkpoints: string): Promise<string | undefined> {
  const newest = (await listCheckpoints(checkpoints)).at(-1);
  return newest && join(checkpoints, newest);
}

/** Puts a checkpoint's parameters in place; returns the moments and the steps done. */
export async function restoreTrainingState(
  folder: string,
  parameters: ParameterStore,
): Promise<{ step: number; adam: AdamState }> {
  const { step } = JSON.parse(await readFile(join(folder, PROGRESS), 'utf8')) as { step: number };
  const file = await openSafetensors(join(folder, STATE));
  try {
    const vector = async (name: string) => tf.tensor1d(await file.read(name));
    parameters.replaceVector(await vector('vector'));
    return { step, adam: { mean: tf.keep(await vector('mean')), variance: tf.keep(await vector('variance')) } };
  } finally {
    await file.close();
  }
}
