import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { writeSums, wrongInFolder } from '../files/checksums.ts';
import { writeFolderDurably } from '../files/durable.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import type { LoopState } from '../training/loop.ts';
import { version } from '../version.ts';
import { valuesOf } from './safetensors/piece-of.ts';
import { openSafetensors } from './safetensors/safetensors.ts';
import { streamSafetensors, type TensorToWrite } from './safetensors/stream-safetensors.ts';

/**
 * A checkpoint is all that an exact resume needs: the flat vector of trainable parameters, both moments, the number of
 * steps done and what else the loop goes on with. The order of the data follows from seed and step, so it needs no
 * saving. It says what it holds, and the sums of its files are checked before anything of it is used.
 *
 *     step-000200/
 *       state.safetensors   vector, mean, variance: f32, `[trainableSize]` each
 *       progress.json       format, step, version, parameters, control
 *       SHA256SUMS
 *       and what the run wants to have beside them: its logs
 */
export const STATE = 'state.safetensors';
const PROGRESS = 'progress.json';
/** What every checkpoint has, beside the sums. */
export const CHECKPOINT_FILES: readonly string[] = [STATE, PROGRESS];

/** Raised when the content of a checkpoint changes its meaning. */
const FORMAT = 2;

const progressSchema = z.object({
  format: z.literal(FORMAT),
  step: z.int().min(0),
  /** Of Counterweight. */
  version: z.string(),
  /** Of the flat vector: how many parameters and values there are, and the hash of names and shapes in its order. */
  parameters: z.object({ count: z.int(), size: z.int(), order: z.string() }),
  control: z.record(z.string(), z.unknown()),
  /** Where several made it, and how: with as many a run goes on to the same bits. */
  workers: z.record(z.string(), z.unknown()).optional(),
});

export interface StateToSave {
  readonly state: LoopState;
  readonly parameters: ParameterStore;
  /** Undefined for one process. */
  readonly workers?: object | undefined;
  /** Writes more files into the checkpoint, beside its own. */
  readonly addFiles?: ((folder: string) => Promise<void>) | undefined;
}

/** Writes a checkpoint as a whole, in place of one that is there. */
export async function saveTrainingState(
  folder: string,
  { state, parameters, workers, addFiles }: StateToSave,
): Promise<void> {
  const { step, adam, ...control } = state;
  const vectors = { vector: parameters.vector, mean: adam.mean, variance: adam.variance };
  const progress = { format: FORMAT, step, version, parameters: describe(parameters), control, workers };
  await writeFolderDurably(folder, async (aside) => {
    await streamSafetensors(join(aside, STATE), Object.entries(vectors).map(asTensorToWrite), {});
    await writeFile(join(aside, PROGRESS), `${JSON.stringify(progress)}\n`);
    await addFiles?.(aside);
    await writeSums(aside);
  });
}

/**
 * Puts a checkpoint's parameters in place; returns the state to go on with.
 * @param lastStep of the run: a checkpoint cannot be further
 * @throws {UserError} `checkpoint-invalid` when it is damaged, or is not one of this model
 */
export async function restoreTrainingState(
  folder: string,
  parameters: ParameterStore,
  { lastStep = Infinity }: { readonly lastStep?: number } = {},
): Promise<LoopState> {
  const wrong = await wrongInFolder(folder, CHECKPOINT_FILES);
  if (wrong !== undefined) throw invalid(folder, `This checkpoint is damaged: ${wrong}.`);
  const progress = await readProgress(folder);
  const { step, control } = progress;
  const named = /^step-(\d+)$/.exec(basename(folder))?.[1];
  if (named !== undefined && Number(named) !== step) {
    throw invalid(folder, `This checkpoint is not of the step that its folder is named after, but of step ${step}.`);
  }
  if (step > lastStep) throw invalid(folder, `This checkpoint is of step ${step}, but the run has ${lastStep} only.`);
  assertSameParameters(folder, progress, describe(parameters));
  const { vector, mean, variance } = await readVectors(folder, parameters.trainableSize);
  parameters.replaceVector(vector);
  return { ...control, step, adam: { mean: tf.keep(mean), variance: tf.keep(variance) } };
}

/** One at a time in memory beside the tensors. */
const asTensorToWrite = ([name, tensor]: [string, tf.Tensor]): TensorToWrite => ({
  name,
  dtype: 'F32',
  shape: tensor.shape,
  byteLength: 4 * tensor.size,
  async bytes() {
    const { buffer, byteOffset, byteLength } = await valuesOf(tensor);
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
});

type Progress = z.output<typeof progressSchema>;

async function readProgress(folder: string): Promise<Progress> {
  const parsed = progressSchema.safeParse(parseJson(await readFile(join(folder, PROGRESS), 'utf8')));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'not understood' };
  throw invalid(
    folder,
    `This version of Counterweight does not read the checkpoint: ${PROGRESS}, ${path.join('.')}: ${message}.`,
  );
}

function assertSameParameters(folder: string, { version: by, parameters }: Progress, own: Progress['parameters']) {
  if (parameters.order === own.order && parameters.size === own.size) return;
  const sizes = (of: Progress['parameters']) => `${of.count} parameters with ${of.size} values`;
  const problem =
    parameters.size === own.size
      ? `The checkpoint holds the same number of values in another order or of other shapes; Counterweight ${by} wrote it, and this is ${version}.`
      : `The checkpoint holds ${sizes(parameters)}, but ${sizes(own)} are trained.`;
  throw invalid(folder, problem);
}

async function readVectors(folder: string, size: number) {
  const file = await openSafetensors(join(folder, STATE));
  try {
    for (const name of ['vector', 'mean', 'variance']) {
      const info = file.tensors.get(name);
      if (info?.dtype === 'F32' && info.shape.length === 1 && info.shape[0] === size) continue;
      throw invalid(folder, `Its tensor "${name}" is not a vector of ${size} values in f32.`);
    }
    const vector = async (name: string) => tf.tensor1d(await file.read(name));
    return { vector: await vector('vector'), mean: await vector('mean'), variance: await vector('variance') };
  } finally {
    await file.close();
  }
}

function describe({ trainable, trainableSize }: ParameterStore): Progress['parameters'] {
  const order = createHash('sha256').update(JSON.stringify(trainable.map(({ name, shape }) => [name, [...shape]])));
  return { count: trainable.length, size: trainableSize, order: order.digest('hex') };
}

/** Undefined, which no schema takes, for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const invalid = (where: string, problem: string): UserError =>
  new UserError({
    code: 'checkpoint-invalid',
    problem,
    where,
    fix: 'Remove this folder, to go on with the checkpoint before or from the beginning; or choose another --output.',
  });
