import { UserError } from '../errors.ts';
import { createParameterStore } from '../model/parameter-store.ts';
import type { TrainingOptions } from '../training/options.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { addFreshAdapter, addStoredAdapter } from './adapt-model.ts';
import { saveAdapter } from './adapter.ts';
import { loadModel } from './load-model.ts';
import { saveModel } from './save-model.ts';

/** A pretrained model made ready for training, and the way its result is saved. */
export interface Trainee {
  readonly decoder: TrainableDecoder;
  /** Writes what was trained: the adapter, or the whole model. */
  save(folders: { readonly adapter: string; readonly model: string }): Promise<void>;
}

/**
 * Reads the model and decides what is trained: every weight, or an adapter, fresh or `adapter`'s, on frozen weights.
 * `baseModel` is how a saved adapter names the model: by default its folder.
 */
export async function openTrainee(
  folder: string,
  training: TrainingOptions,
  from: { adapter?: string | undefined; baseModel?: string | undefined } = {},
): Promise<Trainee> {
  const { adapter, baseModel = folder } = from;
  if (training.method === 'lora') return openWithAdapter(folder, training, { adapter, baseModel });
  if (adapter === undefined) return openWhole(folder, training);
  throw new UserError({
    code: 'option-invalid',
    problem: 'An adapter cannot be gone on with when every weight is trained.',
    where: 'options adapter and method',
    fix: 'Train with method lora, or merge the adapter first: counterweight export --to merged.',
  });
}

async function openWhole(folder: string, { precision, recompute }: TrainingOptions): Promise<Trainee> {
  const { config, blocks, base, tensors } = await loadModel(folder);
  const parameters = createParameterStore(tensors, base, precision);
  return {
    decoder: { config, blocks, parameters, recompute },
    save: ({ model }) => saveModel(model, { parameters, base, sourceFolder: folder }),
  };
}

async function openWithAdapter(
  folder: string,
  training: TrainingOptions,
  { adapter: from, baseModel }: { adapter: string | undefined; baseModel: string },
): Promise<Trainee> {
  // Modules that are trained whole begin at the checkpoint's own values, not at rounded ones.
  const model = await loadModel(folder, training.modulesToSave?.length ? 'f32' : training.precision);
  const adapted =
    from === undefined ? addFreshAdapter(model, adapterOptions(training)) : await addStoredAdapter(model, from);
  const { config, blocks, tensors, lora, saved, trainable } = adapted;
  const parameters = createParameterStore(tensors, trainable, training.precision);
  return {
    decoder: { config, blocks, parameters, recompute: training.recompute },
    save: ({ adapter }) => saveAdapter(adapter, { parameters, config, blocks, lora, saved, baseModel }),
  };
}

const adapterOptions = ({ loraRank, loraAlpha, loraTargets, rsLora, dora, modulesToSave, seed }: TrainingOptions) => ({
  rank: loraRank,
  alpha: loraAlpha,
  targets: loraTargets,
  rsLora,
  dora,
  modulesToSave,
  seed,
});
