import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { locateModel } from '../hub/locate-model.ts';
import type { TrainingOptions } from '../training/options.ts';
import { type Checkpoint, type FloatType, openCheckpoint } from './checkpoint.ts';
import { readJson } from './json.ts';

/** What to export: what a run made, or a model with or without an adapter. */
export interface SourceOptions {
  /** A run folder. */
  readonly run?: string | undefined;
  /** Folder of a Hugging Face model, or a GGUF file. With a run: where the model it was trained from is now. */
  readonly model?: string | undefined;
  /** Folder of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
}

export interface Source {
  readonly model: string;
  readonly adapter: string | undefined;
  /** The type of the weights that the training began with, where they were all saved in f32. */
  readonly originalType: FloatType | undefined;
  /** The words that a run was trained in. */
  readonly format?: TrainingOptions['format'] | undefined;
  /** Tokens of a run's rows at most, and of the answers that its recipe writes. */
  readonly limits?: { readonly maxLength?: number | undefined; readonly maxNewTokens?: number | undefined } | undefined;
}

/** @throws {UserError} when nothing is named, or the run has no result yet */
export async function resolveSource(
  { run, model, adapter }: SourceOptions,
  signal?: AbortSignal | undefined,
): Promise<Source> {
  if (run !== undefined) return sourceOfRun(run, model, signal);
  if (model !== undefined) {
    const from = adapter === undefined ? undefined : (await locateModel(adapter, 'adapter', { signal })).folder;
    return { model: (await locateModel(model, 'model', { signal })).folder, adapter: from, originalType: undefined };
  }
  throw new UserError({
    code: 'option-invalid',
    problem: 'There is nothing to export.',
    where: 'options run and model',
    fix: 'Name a run folder, or a model, with or without an adapter.',
  });
}

async function sourceOfRun(
  run: string,
  movedModel: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Source> {
  if (!existsSync(join(run, 'run.json'))) {
    throw new UserError({
      code: 'model-invalid',
      problem: 'There is no run in this folder.',
      where: join(run, 'run.json'),
      fix: 'Give the run folder that train wrote, or a model with --model, with or without --adapter.',
    });
  }
  const { model, training, recipe } = (await readJson(join(run, 'run.json'))) as {
    readonly model?: { readonly folder?: string };
    readonly training?: Partial<Pick<TrainingOptions, 'method' | 'format' | 'maxLength'>>;
    readonly recipe?: { readonly defaults?: { readonly maxNewTokens?: number } };
  };
  const trainedFrom = movedModel ?? model?.folder ?? '';
  const format = training?.format;
  const limits = { maxLength: training?.maxLength, maxNewTokens: recipe?.defaults?.maxNewTokens };
  const whole = training?.method === 'full';
  const result = join(run, whole ? 'model' : 'adapter');
  if (!existsSync(result)) {
    throw new UserError({
      code: 'model-invalid',
      problem: 'This run has no result yet: it was stopped before its end.',
      where: result,
      fix: 'Go on with it: the same train command with --resume.',
    });
  }
  const found = existsSync(trainedFrom) ? (await locateModel(trainedFrom, 'model', { signal })).folder : undefined;
  if (whole) {
    const originalType = found === undefined ? undefined : await typeOf(found);
    return { model: result, adapter: undefined, originalType, format, limits };
  }
  if (found !== undefined) return { model: found, adapter: result, originalType: undefined, format, limits };
  throw new UserError({
    code: 'model-invalid',
    problem: `The model that the run was trained from is not there: ${trainedFrom}`,
    where: join(run, 'run.json'),
    fix: 'Say where it is now: --model FOLDER.',
  });
}

/** The type of most weights of a model that is still there. */
export async function typeOf(folder: string): Promise<FloatType | undefined> {
  const checkpoint = await openCheckpoint(folder);
  await checkpoint.close();
  return commonType(checkpoint);
}

/** The type that most of the tensors have. */
function commonType({ tensors }: Checkpoint): FloatType | undefined {
  const counts = new Map<FloatType, number>();
  for (const { type } of tensors.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([, some], [, others]) => others - some)[0]?.[0];
}
