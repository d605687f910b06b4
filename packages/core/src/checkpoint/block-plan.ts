import { UserError } from '../errors.ts';
import type { DecoderConfig } from '../model/config.ts';
import { weightName } from '../model/layers/linear.ts';
import { type BaseParameter, baseParameters, linearsInBlock, linearsOf } from '../model/parameters/parameter-table.ts';
import type { BlockType, KeptTensors } from '../tensor/block-types.ts';
import { currentEngine } from '../tensor/engine.ts';
import type { TrainingOptions } from '../training/options.ts';
import { modulesToTrain, wholeParameters } from './adapter/whole-modules.ts';
import { openWeights } from './open-weights.ts';
import { readConfig } from './pretrained/read-config.ts';
import { storedTensor, type WeightFiles, type WeightTensor } from './weight-files.ts';

/** The matrices that lie in blocks in memory, by the names of `base`. */
export type BlockPlan = ReadonlyMap<string, BlockType>;

/** What is asked for, and what an adapter trains whole: that is in f32, like all that is trained. */
export interface QuantizationSettings
  extends Pick<TrainingOptions, 'quantize' | 'quantizeEmbeddings' | 'modulesToSave'> {
  /** The tokens that the model is to have, where some are new: then its tables are trained. */
  readonly vocabulary: object | undefined;
}

const ASKED = { int8: 'q8_0', int4: 'q4_0' } as const;

/** From the coarsest to the finest. */
const FINENESS: readonly BlockType[] = ['q4_0', 'q4_1', 'q8_0'];

/**
 * Which of a model's matrices lie in blocks, and in which: frozen linear layers, the head, and the table of embeddings if
 * it is asked for. What a file stores in blocks stays in them, if they are no finer than what is asked for; and
 * nothing else does where nothing is asked.
 * @throws {UserError} `engine-unavailable` when blocks are asked for, and the engine has none
 */
export function planBlocks(
  weights: Pick<WeightFiles, 'tensors'>,
  { config, base }: { readonly config: DecoderConfig; readonly base: readonly BaseParameter[] },
  settings: QuantizationSettings,
): BlockPlan {
  const { quantize, quantizeEmbeddings } = settings;
  const asked = quantize === undefined || quantize === 'none' ? undefined : ASKED[quantize];
  assertQuantization(asked !== undefined);
  const plan = new Map<string, BlockType>();
  if (quantize === 'none' || !currentEngine().fusedKernels) return plan;
  const linears = linearsOf(config).flatMap(linearsInBlock).map(weightName);
  const layers = new Set(config.tiedEmbeddings ? linears : [...linears, config.head]);
  const trained = new Set(wholeParameters({ base, config }, modulesToTrain(settings, config)).map(({ name }) => name));
  for (const parameter of base) {
    const { name } = parameter;
    const isTable = name === config.embedding.name;
    if (trained.has(name) || !(layers.has(name) || isTable)) continue;
    const wanted = isTable && !quantizeEmbeddings ? undefined : asked;
    const type = coarser(storedBlocks(weights, parameter), wanted);
    if (type) plan.set(name, type);
  }
  return plan;
}

/** The same of a model's folder, of which only headers are read, and what its receipt says; nothing where every weight is trained. */
export async function planStoredBlocks(
  folder: string,
  training: TrainingOptions,
  vocabulary: QuantizationSettings['vocabulary'],
): Promise<{ readonly plan: BlockPlan; readonly kept: readonly KeptTensors[] }> {
  if (training.method === 'full') return { plan: new Map(), kept: [] };
  const config = await readConfig(folder);
  const base = baseParameters(config, linearsOf(config));
  const weights = await openWeights(folder);
  try {
    const plan = planBlocks(weights, { config, base }, { ...training, vocabulary });
    return { plan, kept: describeBlocks(weights, base, plan) };
  } finally {
    await weights.close();
  }
}

/** @throws {UserError} `engine-unavailable` when the open engine keeps no matrices in blocks */
export function assertQuantization(wanted: boolean): void {
  const { name, fusedKernels } = currentEngine();
  if (!wanted || fusedKernels) return;
  throw new UserError({
    code: 'engine-unavailable',
    problem: `The engine ${name} has no quantised weights: our own engine has them.`,
    where: 'option quantize',
    fix: 'Take the engine native or wasm (see `counterweight doctor`), or leave the weights as they are.',
  });
}

/** The finest of those that its tensors are stored in; undefined where one of them is stored otherwise. */
function storedBlocks(weights: Pick<WeightFiles, 'tensors'>, { stored }: BaseParameter): BlockType | undefined {
  const types = stored.map(({ name }) => storedTensor(weights, name)?.quantized?.nearest);
  if (types.includes(undefined)) return undefined;
  return types.toSorted((a, b) => fineness(b) - fineness(a))[0];
}

const coarser = (a: BlockType | undefined, b: BlockType | undefined): BlockType | undefined =>
  a === undefined || (b !== undefined && fineness(b) < fineness(a)) ? b : a;

const fineness = (type: BlockType | undefined): number => FINENESS.indexOf(type as BlockType);

/** What became of the tensors that lie in blocks. */
function describeBlocks(weights: WeightFiles, base: readonly BaseParameter[], plan: BlockPlan): KeptTensors[] {
  const counts = new Map<string, KeptTensors>();
  for (const { name, stored } of base) {
    const kept = plan.get(name);
    if (!kept) continue;
    for (const tensor of stored) {
      const { dtype } = storedTensor(weights, tensor.name) as WeightTensor;
      const key = `${dtype} ${kept}`;
      counts.set(key, { stored: dtype, kept, tensors: (counts.get(key)?.tensors ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.tensors - a.tensors);
}
