import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { inF32 } from '../test-support/in-f32.ts';
import { changeConfig } from '../test-support/tiny-adapter.ts';
import { writeTinyModel } from '../test-support/tiny-model.ts';
import { openTrainableModel } from './open-trainable-model.ts';

const path = temporaryFolder();

beforeAll(async () => {
  await openEngine('wasm');
});

/** The dropout that a model is trained with, and what its adapter says of it once it is saved. */
async function dropoutOf(model: string, name: string, options: { loraDropout?: number }, adapter?: string) {
  const training = inF32({ loraRank: 2, ...options });
  const { decoder, save } = await openTrainableModel(model, training, adapter === undefined ? {} : { adapter });
  const folder = path(name);
  await save({ adapter: folder, model: path('unused') });
  decoder.parameters.dispose();
  const config = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as { lora_dropout: number };
  return { trained: decoder.adapterDropout, saved: config.lora_dropout, folder };
}

it("an adapter's dropout is saved with it, and holds where it is trained further unless another is asked for", async () => {
  const model = await writeTinyModel(path('model'));
  const first = await dropoutOf(model, 'first', { loraDropout: 0.1 });
  expect(first).toMatchObject({ trained: 0.1, saved: 0.1 });
  expect(await dropoutOf(model, 'second', {}, first.folder)).toMatchObject({ trained: 0.1, saved: 0.1 });
  expect(await dropoutOf(model, 'third', { loraDropout: 0 }, first.folder)).toMatchObject({ trained: 0, saved: 0 });
  expect(await dropoutOf(model, 'none', {})).toMatchObject({ trained: 0, saved: 0 });
  await changeConfig(first.folder, { lora_dropout: 1 });
  await expect(dropoutOf(model, 'fourth', {}, first.folder)).rejects.toMatchObject({
    code: 'model-unsupported',
    where: expect.stringContaining('"lora_dropout"') as string,
  });
});
