import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { logitsOfStored } from '../../test-support/logits.ts';
import { randomAdapter } from '../../test-support/random-adapter.ts';
import { writeTinyModel } from '../../test-support/tiny-model.ts';
import { writeSafetensors } from '../../test-support/write-safetensors.ts';
import { loadModel } from '../pretrained/load-model.ts';
import { openSafetensors } from '../safetensors/safetensors.ts';
import { addFreshAdapter, addStoredAdapter } from './adapt-model.ts';

const path = temporaryFolder();
const magnitude = 'base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector';

beforeAll(async () => {
  await openEngine('wasm');
});

it('a fresh DoRA adapter begins at the base model, to the last bit', async () => {
  const folder = await writeTinyModel(path('base'));
  const ids = [1, 9, 30, 4, 17];
  const options = { rank: 3, alpha: 6, targets: ['all-linear'], dora: true, seed: 3 };
  const adapted = addFreshAdapter(await loadModel(folder), options);
  expect(await logitsOfStored(adapted, ids)).toEqual(await logitsOfStored(await loadModel(folder), ids));
});

it("magnitudes have PEFT's name, and must be there where the config says DoRA, and only there", async () => {
  const model = await writeTinyModel(path('model'));
  const folder = path('adapter');
  const { tensors } = await randomAdapter(model, folder, { targets: ['q_proj'], dora: true });
  tf.dispose([...tensors.values()]);
  const configFile = join(folder, 'adapter_config.json');
  const config = JSON.parse(await readFile(configFile, 'utf8')) as object;
  expect(config).toMatchObject({ use_dora: true });
  const reading = async (use_dora: boolean) => {
    await writeFile(configFile, JSON.stringify({ ...config, use_dora }));
    return addStoredAdapter(await loadModel(model), folder);
  };
  await expect(reading(false)).rejects.toMatchObject({ code: 'model-unsupported' });

  const weights = join(folder, 'adapter_model.safetensors');
  const stored = await openSafetensors(weights);
  expect(stored.tensors.get(magnitude)?.shape).toEqual([16]);
  const others = [...stored.tensors].filter(([name]) => name !== magnitude);
  const read = others.map(async ([name, { shape }]) => [name, { shape, values: await stored.read(name) }] as const);
  await writeSafetensors(weights, new Map(await Promise.all(read)));
  await stored.close();
  const missing = { code: 'model-invalid', message: expect.stringContaining(`"${magnitude}" is missing`) as string };
  await expect(reading(true)).rejects.toMatchObject(missing);
});
