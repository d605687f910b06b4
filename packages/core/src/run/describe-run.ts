import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { PackingReceipt } from '../batches/pack.ts';
import { modelFiles } from '../checkpoint/open-weights.ts';
import type { MeasuredBaseline } from '../evaluation/measure-baseline.ts';
import { hashFile } from '../files/hash-file.ts';
import type { ResolvedModel } from '../hub/locate-model.ts';
import type { RecipeSource } from '../recipe-loading/describe-recipe-source.ts';
import type { OpenedData } from '../rows/open-data.ts';
import type { Task } from '../task/open-task.ts';
import type { KeptTensors } from '../tensor/block-types.ts';
import type { Engine } from '../tensor/engine.ts';
import type { Receipt } from '../tokenization/receipt.ts';
import { tokenizerFilesIn } from '../tokenizer/tokenizer-files.ts';
import { peakLearningRate } from '../training/schedule.ts';
import { version } from '../version.ts';
import { describeRecipe, type RecipeDescription } from './describe-recipe.ts';

/** run.json: everything that decided what a run computed. */
export interface RunDescription {
  readonly recipe: {
    readonly name: string;
    readonly options: unknown;
    readonly source?: RecipeSource;
  } & Partial<RecipeDescription>;
  readonly model: {
    /** Absolute; of a GGUF the file. */
    readonly folder: string;
    readonly family: string;
    /** Where it was downloaded from, with the commit that the revision stood for. */
    readonly hub?: ResolvedModel['hub'];
    /** What a GGUF holds: how many tensors of each type. */
    readonly types?: Readonly<Record<string, number>>;
    /** The tensors that lie in blocks in memory: how they are stored, and what is kept of them. */
    readonly blocks?: readonly KeptTensors[];
  };
  /** Where the adapter that the run went on with was downloaded from. */
  readonly adapter?: ResolvedModel['hub'];
  /** All training options, resolved: the recipe's weight and length filled in. */
  readonly training: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** The share of the rows that is held out. */
  readonly evalSplit?: number | undefined;
  readonly steps: number;
  /** What is trained on: how many examples, and the hash of their lengths in order. */
  readonly examples: { readonly count: number; readonly lengths: string };
  readonly engine: { readonly name: string; readonly description: string };
  /** Where several processes began it together: how many, and how their gradients were added up. */
  readonly workers?: WorkersDescription | undefined;
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<'data' | 'evalData' | 'model' | 'adapter' | 'tokenizer', readonly FileHash[]>>;
  readonly receipt: Receipt;
  /** How full packed rows are, in the first epoch. */
  readonly packing?: PackingReceipt | undefined;
  /** What the recipe's baseline is worth on the rows that are evaluated on; it needs no model. */
  readonly baseline?: MeasuredBaseline | undefined;
}

/** With as many workers and the same sum, a run comes to the same bits. */
export interface WorkersDescription {
  readonly count: number;
  readonly sum: 'in the order of ranks';
  readonly optimizer: 'whole' | 'sharded';
}

/** Undefined for one process. */
export const describeWorkers = (count: number, isSharded = false): WorkersDescription | undefined =>
  count === 1 ? undefined : { count, sum: 'in the order of ranks', optimizer: isSharded ? 'sharded' : 'whole' };

export interface FileHash {
  readonly file: string;
  /** Absolute; of rows in memory there is none, and `file` is the option that they were given in. */
  readonly path?: string;
  readonly sha256: string;
}

const ADAPTER_FILES = ['adapter_config.json', 'adapter_model.safetensors'];

/** @param inputs of {@link describeInputs} */
export function describeRun<Row>(
  { recipe, modelFolder, gguf, hub, adapter, config, training, promptLossWeight, maxLength }: Task<Row>,
  {
    evalSplit,
    recipeSource,
    workers = 1,
    shardOptimizer,
  }: {
    evalSplit?: number | undefined;
    recipeSource?: RecipeSource | undefined;
    workers?: number | undefined;
    shardOptimizer?: boolean | undefined;
  },
  {
    engine,
    inputs,
    receipt,
    packing,
    steps,
    lengths,
    kept,
    baseline,
  }: Pick<RunDescription, 'inputs' | 'receipt' | 'packing' | 'steps' | 'baseline'> & {
    engine: Engine;
    lengths: readonly number[];
    kept: readonly KeptTensors[];
  },
): RunDescription {
  return {
    recipe: {
      name: recipe.name,
      options: recipe.options,
      ...describeRecipe(recipe),
      ...(recipeSource && { source: recipeSource }),
    },
    model: {
      folder: resolve(gguf?.files[0] ?? modelFolder),
      family: config.family,
      ...(hub && { hub }),
      ...(gguf && { types: gguf.types }),
      ...(kept.length > 0 && { blocks: kept }),
    },
    ...(adapter?.hub ? { adapter: adapter.hub } : {}),
    training: { ...training, promptLossWeight, maxLength, learningRate: peakLearningRate(training) },
    seed: training.seed,
    ...(evalSplit === undefined ? {} : { evalSplit }),
    steps,
    examples: { count: lengths.length, lengths: hashOf(lengths) },
    engine: { name: engine.name, description: engine.description },
    workers: describeWorkers(workers, shardOptimizer),
    versions: { counterweight: version, node: process.version },
    inputs,
    receipt,
    packing,
    ...(baseline && { baseline }),
  };
}

/** The hashes of all that a run reads: rows, model, adapter and tokenizer. */
export async function describeInputs<Row>(
  task: Task<Row>,
  { data, evalData }: { data: OpenedData; evalData?: OpenedData | undefined },
): Promise<RunDescription['inputs']> {
  const { modelFolder, adapter, signal } = task;
  const hashFiles = (files: readonly string[]) => Promise.all(files.map((file) => describeFile(file, signal)));
  const inFolder = (folder: string, names: readonly string[]) =>
    names.map((name) => join(folder, name)).filter((file) => existsSync(file));
  return {
    data: await describeData(data, signal),
    evalData: evalData ? await describeData(evalData, signal) : [],
    model: await hashFiles(await modelFiles(modelFolder)),
    adapter: await hashFiles(adapter === undefined ? [] : inFolder(adapter.folder, ADAPTER_FILES)),
    tokenizer: await hashFiles(await tokenizerFiles(task)),
  };
}

/** Of an adapter's tokenizer too the model's generation settings: they may be the only place that names how answers end. */
async function tokenizerFiles<Row>({ textProcessing, modelFolder, gguf }: Task<Row>): Promise<string[]> {
  const folder = textProcessing?.folder ?? modelFolder;
  // They follow from the file, and lie where they may be removed.
  if (gguf && folder === modelFolder) return [];
  const own = (await tokenizerFilesIn(folder)).map((name) => join(folder, name));
  const settings = folder === modelFolder || gguf ? [] : [join(modelFolder, 'generation_config.json')];
  return [...own, ...settings.filter((file) => existsSync(file))];
}

/** The files themselves, of a folder those in it; and rows in memory, by what was read of them. */
const describeData = async (data: OpenedData, signal: AbortSignal | undefined): Promise<FileHash[]> =>
  Promise.all(
    (await data.contents()).map((content) =>
      'path' in content ? describeFile(content.path, signal) : { file: content.name, sha256: content.sha256 },
    ),
  );

const describeFile = async (file: string, signal: AbortSignal | undefined): Promise<FileHash> => ({
  file: basename(file),
  path: resolve(file),
  sha256: await hashFile(file, signal),
});

const hashOf = (numbers: readonly number[]): string =>
  createHash('sha256').update(Int32Array.from(numbers)).digest('hex');
