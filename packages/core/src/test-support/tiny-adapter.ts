import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type AdaptedModel, addStoredAdapter } from '../checkpoint/adapter/adapt-model.ts';
import { ADAPTER_CONFIG } from '../checkpoint/adapter/read-adapter-config.ts';
import { loadModel } from '../checkpoint/pretrained/load-model.ts';
import { openSafetensors } from '../checkpoint/safetensors/safetensors.ts';
import { writeTinyModel } from './tiny-model.ts';
import { type TensorData, writeSafetensors } from './write-safetensors.ts';

/** The adapter on the tiny model, which is written beside it; its tensors are disposed of by the caller. */
export const readOnto = async (adapter: string, json: object = {}): Promise<AdaptedModel> =>
  addStoredAdapter(await loadModel(await writeTinyModel(`${adapter}-model`, { json })), adapter);

export const disposeTensors = ({ tensors }: AdaptedModel): void => tf.dispose([...tensors.values()]);

/** Other values for some fields of an adapter's config. */
export async function changeConfig(adapter: string, fields: object): Promise<void> {
  const file = join(adapter, ADAPTER_CONFIG);
  await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...fields }));
}

/** Takes a tensor out of a safetensors file. */
export async function withoutTensor(file: string, name: string): Promise<void> {
  const stored = await openSafetensors(file);
  const kept = new Map<string, TensorData>();
  for (const [own, { shape }] of stored.tensors) {
    if (own !== name) kept.set(own, { shape, values: await stored.read(own) });
  }
  await stored.close();
  await writeSafetensors(file, kept);
}
