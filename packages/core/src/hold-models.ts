import { type EngineChoice, openEngine } from './engine/open-engine.ts';
import { UserError } from './errors.ts';
import { type HeldModel, heldModel } from './held/held-model.ts';
import { createTurns } from './held/in-turn.ts';
import { openBases } from './held/open-bases.ts';
import type { DownloadProgress } from './hub/fetch-file.ts';
import { nearestOf } from './nearest.ts';
import { plain } from './recipe/plain.ts';
import type { AnyRecipe } from './recipe-loading/resolve-recipe.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { openTask } from './task/open-task.ts';
import type { TrainingOptionsInput } from './training/options.ts';

/** A model to hold open: a base, perhaps with an adapter on it. */
export interface ModelToHold {
  /** By which requests ask for it. */
  readonly name: string;
  /** Folder of a Hugging Face model, a GGUF file, or a hub id. */
  readonly model: string;
  /** Folder or hub id of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  /** Whose rows it knows, and in whose layout a model without a chat template reads conversations. Default: `plain()`. */
  readonly recipe?: AnyRecipe | undefined;
  /** How it is read: format and day of the template, precision, quantisation. */
  readonly training?:
    | Pick<TrainingOptionsInput, 'format' | 'templateDate' | 'precision' | 'quantize' | 'quantizeEmbeddings'>
    | undefined;
}

export interface HoldOptions {
  readonly models: readonly ModelToHold[];
  /** Default `auto`: the fastest that loads. */
  readonly engine?: EngineChoice | undefined;
  /** How far the download of a file from the hub is. */
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
  /** Heard while the models are read. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: NamesOf<HoldOptions> = { models: true, engine: true, onDownload: true, signal: true };

/** Models that lie in memory until they are closed. One request is answered at a time, whichever of them it asks for. */
export interface HeldModels {
  readonly names: readonly string[];
  /** @throws {UserError} `option-invalid` for a name that there is not */
  get(name: string): HeldModel;
  /** When what is being answered is done, the memory is given back; who asks later is refused. */
  close(): Promise<void>;
}

/**
 * Reads models once and answers many requests with them. Adapters on one base share its memory: changing from one to the
 * other costs nothing.
 * @throws {UserError} for models that can't be read, and for two of one name
 * @example
 * ```ts
 * import { holdModels, modelOfRun } from '@counterweight/core';
 *
 * const held = await holdModels({ models: [await modelOfRun('runs/first'), await modelOfRun('runs/second')] });
 * const messages = [{ role: 'user', content: 'Where is my card?' }];
 * const { text } = await held.get('first').answer({ messages, maxNewTokens: 64, onText: console.log });
 * await held.close();
 * ```
 */
export async function holdModels(options: HoldOptions): Promise<HeldModels> {
  assertNames(options, NAMES);
  const { models, engine, onDownload, signal } = options;
  assertApart(models.map(({ name }) => name));
  await openEngine(engine);
  const tasks = [];
  for (const { model, adapter, recipe = plain() as AnyRecipe, training } of models) {
    tasks.push(await openTask({ model, adapter, recipe, training, onDownload, signal }));
  }
  const bases = await openBases(tasks);
  const turns = createTurns();
  const held = new Map<string, HeldModel>();
  const disposals: (() => void)[] = [];
  const dispose = () => {
    for (const free of disposals.splice(0)) free();
  };
  try {
    for (const [i, task] of tasks.entries()) {
      const { decoder, dispose: free } = await (bases[i] as (typeof bases)[number]).decoderWith(task.adapter?.folder);
      disposals.push(free);
      const { name } = models[i] as ModelToHold;
      held.set(name, heldModel(name, { task, decoder, turns }));
    }
  } catch (error) {
    dispose();
    throw error;
  } finally {
    for (const base of new Set(bases)) base.dispose();
  }
  return {
    names: [...held.keys()],
    get(name) {
      const model = held.get(name);
      if (!model) throw unknownModel(name, [...held.keys()]);
      return model;
    },
    async close() {
      held.clear();
      await turns.take(async () => dispose(), undefined);
    },
  };
}

function assertApart(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined && names.length > 0) return;
  throw new UserError({
    code: 'option-invalid',
    problem: names.length === 0 ? 'There is no model to hold open.' : `Two models are called "${twice}".`,
    where: 'option models',
    fix: names.length === 0 ? 'Name one or more.' : 'Give one of them another name.',
  });
}

function unknownModel(name: string, names: readonly string[]): UserError {
  const nearest = nearestOf(name, names);
  const there = names.length > 0 ? `There are: ${names.join(', ')}.` : 'The models are closed.';
  return new UserError({
    code: 'option-invalid',
    problem: `There is no model "${name}".`,
    where: 'model',
    fix: nearest === undefined ? there : `Did you mean ${nearest}? ${there}`,
  });
}
