import { createRandom } from '../data/random.ts';
import { type LoraOptions, withAdapters } from '../model/lora.ts';
import { createParameterStore } from '../model/parameter-store.ts';
import { adapterParameters } from '../model/parameter-table.ts';
import type { TrainingOptions } from '../training/options.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { freshAdapters, saveAdapter } from './adapter.ts';
import { loadModel } from './load-model.ts';
import { saveModel } from './save-model.ts';

/** A pretrained model made ready for training, and the way its result is saved. */
export interface Trainee {
  readonly decoder: TrainableDecoder;
  /** Writes what was trained: the adapter, or the whole model. */
  save(folders: { readonly adapter: string; readonly model: string }): Promise<void>;
}

/** Apart from the streams that the data's order draws from. */
const ADAPTER_STREAM = 0xada97e5;

/** Reads the model and decides what is trained: every weight, or fresh adapters on frozen weights. */
export async function openTrainee(folder: string, training: TrainingOptions): Promise<Trainee> {
  return training.method === 'full' ? openWhole(folder, training) : openWithAdapters(folder, training);
}

async function openWhole(folder: string, { precision }: TrainingOptions): Promise<Trainee> {
  const { config, blocks, base, tensors } = await loadModel(folder);
  const parameters = createParameterStore(tensors, base, precision);
  return {
    decoder: { config, blocks, parameters },
    save: ({ model }) => saveModel(model, { parameters, base, sourceFolder: folder }),
  };
}

async function openWithAdapters(folder: string, training: TrainingOptions): Promise<Trainee> {
  const lora: LoraOptions = { rank: training.loraRank, alpha: training.loraAlpha, targets: training.loraTargets };
  const { config, blocks: plain, tensors } = await loadModel(folder);
  const blocks = withAdapters(plain, lora);
  const adapters = freshAdapters(blocks, createRandom(training.seed, ADAPTER_STREAM));
  const all = new Map([...tensors, ...adapters]);
  const parameters = createParameterStore(all, adapterParameters(blocks), training.precision);
  return {
    decoder: { config, blocks, parameters },
    save: ({ adapter }) => saveAdapter(adapter, { parameters, blocks, lora, baseModel: folder }),
  };
}
