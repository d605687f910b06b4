import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type AdaptedModel, addStoredAdapter } from '../checkpoint/adapter/adapt-model.ts';
import { ADAPTER_CONFIG } from '../checkpoint/adapter/adapter-config.ts';
import { loadModel } from '../checkpoint/pretrained/load-model.ts';
import { writeTinyModel } from './tiny-model.ts';

/** The adapter on the tiny model, which is written beside it; its tensors are disposed of by the caller. */
export const readOnto = async (adapter: string, json: object = {}): Promise<AdaptedModel> =>
  addStoredAdapter(await loadModel(await writeTinyModel(`${adapter}-model`, { json })), adapter);

export const disposeTensors = ({ tensors }: AdaptedModel): void => tf.dispose([...tensors.values()]);

/** Other values for some fields of an adapter's config. */
export async function changeConfig(adapter: string, fields: object): Promise<void> {
  const file = join(adapter, ADAPTER_CONFIG);
  await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...fields }));
}
