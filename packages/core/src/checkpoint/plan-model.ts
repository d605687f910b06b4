import { layersOf, planAdapters, withAdapters } from '../model/adapters/lora.ts';
import type { DecoderConfig } from '../model/config.ts';
import { adapterParameters, baseParameters, linearsOf } from '../model/parameters/parameter-table.ts';
import { type ParameterSpec, sizeOf } from '../model/parameters/parameters.ts';
import type { ModelPlan } from '../training/model-plan.ts';
import type { SettledTraining } from '../training/options.ts';
import { assertFits } from './adapter/fit-adapter.ts';
import { openAdapter } from './adapter/open-adapter.ts';
import { wholeParameters } from './adapter/whole-modules.ts';
import { type BlockPlan, planStoredBlocks } from './block-plan.ts';
import { adapterOptions, type ModelSource } from './open-decoder.ts';

/**
 * What `openDecoder` would open for training, without a tensor of it: to know how large it would be before anything is
 * allocated.
 * @throws {UserError} for an adapter that cannot be read, and for layers and modules that the model does not have
 */
export async function planModel(
  config: DecoderConfig,
  { folder, adapter, vocabulary }: Omit<ModelSource, 'signal'>,
  training: SettledTraining,
): Promise<ModelPlan> {
  const { plan: blocks } = await planStoredBlocks(folder, training, vocabulary);
  if (training.method === 'full' || adapter === undefined) return planFresh(config, blocks, training, vocabulary);
  const stored = await openAdapter(adapter);
  await stored.close();
  const plain = linearsOf(config);
  assertFits(stored, layersOf(plain));
  const adapted = withAdapters(plain, stored.plan);
  const whole = [...stored.wholeTensors].map(([name, shape]) => ({ name, shape, decay: false }));
  return planned({ config, blocks: adapted }, [...adapterParameters(adapted), ...whole], blocks, training);
}

/** Of a model that begins anew, with an adapter of its own or without: it need not be there. */
export function planFresh(
  config: DecoderConfig,
  blocks: BlockPlan,
  training: SettledTraining,
  vocabulary: ModelSource['vocabulary'],
): ModelPlan {
  const plain = linearsOf(config);
  const base = baseParameters(config, plain);
  if (training.method === 'full') return planned({ config, blocks: plain }, base, blocks, training);
  const { modulesToSave, ...lora } = adapterOptions(training, config, vocabulary);
  const adapted = withAdapters(plain, planAdapters(plain, lora));
  const trainable = [...adapterParameters(adapted), ...wholeParameters({ base, config }, modulesToSave)];
  return planned({ config, blocks: adapted }, trainable, blocks, training);
}

const planned = (
  model: Pick<ModelPlan, 'config' | 'blocks'>,
  trainable: readonly ParameterSpec[],
  blocks: BlockPlan,
  { recompute, precision }: SettledTraining,
): ModelPlan => ({
  ...model,
  recompute,
  parameters: {
    precision,
    trainable,
    trainableSize: trainable.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    blocks,
  },
});
