import { readFileSync } from 'node:fs';
import { addStoredAdapter } from '../../packages/core/src/checkpoint/adapter/adapt-model.ts';
import { loadModel } from '../../packages/core/src/checkpoint/pretrained/load-model.ts';
import { createParameterStore } from '../../packages/core/src/model/parameters/parameter-store.ts';
import type { Precision } from '../../packages/core/src/tensor/bfloat16.ts';
import { exampleWith } from '../../packages/core/src/test-support/examples.ts';
import type { TokenRoleName, WeightedExample } from '../../packages/core/src/tokenization/example.ts';
import type { TrainableDecoder } from '../../packages/core/src/training/step.ts';

/** The committed results of PyTorch; test/reference/README.md describes them. */

const folder = (path: string) => new URL(path, import.meta.url).pathname;

/** How the ten steps were made. */
export interface StepSettings {
  readonly steps: number;
  readonly batchSize: number;
  readonly weightDecay: number;
  readonly maxGradientNorm: number;
  readonly learningRate: number;
  readonly loraPlusRatio?: number;
}

export function readEntries<Entry>(file: string): { settings: StepSettings; entries: Entry[] } {
  return JSON.parse(readFileSync(folder(`../reference/fixtures/${file}`), 'utf8'));
}

export const modelFolder = (model: string): string =>
  model === 'stories260k' ? folder('../../models/stories260k') : folder(`../reference/fixtures/models/${model}`);

export const adapterFolder = (adapter: string): string => folder(`../reference/fixtures/adapters/${adapter}`);

export interface FixtureExample {
  readonly ids: number[];
  readonly classes: TokenRoleName[];
  readonly promptLength: number;
}

const examples = new Map(
  readEntries<{ model: string; examples: FixtureExample[] }>('examples.json').entries.map((entry) => [
    entry.model,
    entry.examples,
  ]),
);

/** Example `index` of a model, the prompt's tokens weighing `promptWeight`. */
export function exampleOf(model: string, index: number, promptWeight: number): WeightedExample {
  return weighed((examples.get(model) ?? [])[index] as FixtureExample, promptWeight);
}

export function weighed({ ids, classes, promptLength }: FixtureExample, promptWeight: number): WeightedExample {
  const weights = classes.map((name) => (name === 'bos' ? 0 : name === 'user' ? promptWeight : 1));
  return exampleWith({ ids, roles: classes, promptLength, weights });
}

/** A model to train: every weight, or an adapter of the fixtures on frozen weights. */
export const openFixture = (
  model: string,
  adapter?: string | null,
  train: 'trainable' | 'frozen' = 'trainable',
): Promise<TrainableDecoder> => openDecoder(modelFolder(model), adapter ? adapterFolder(adapter) : undefined, train);

/** The same, by folders. */
export async function openDecoder(
  model: string,
  adapter?: string,
  train: 'trainable' | 'frozen' = 'trainable',
  precision: Precision = 'f32',
): Promise<TrainableDecoder> {
  const pretrained = await loadModel(model);
  const adapted = adapter ? await addStoredAdapter(pretrained, adapter) : { ...pretrained, trainable: pretrained.base };
  const { config, blocks, tensors, trainable } = adapted;
  const parameters = createParameterStore(tensors, train === 'trainable' ? trainable : [], precision);
  return { config, blocks, parameters };
}
