import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { changeConfig, disposeTensors, readOnto, withoutTensor } from '../../test-support/tiny-adapter.ts';
import { writeTinyModel } from '../../test-support/tiny-model.ts';
import { loadModel } from '../pretrained/load-model.ts';
import { type AdaptedModel, addFreshAdapter } from './adapt-model.ts';
import { openAdapter } from './open-adapter.ts';
import { saveAdapter } from './save-adapter.ts';

const path = temporaryFolder();
const lora = { rank: 3, alpha: 6, targets: ['q_proj', 'v_proj', 'mlp.down_proj'] };

beforeAll(async () => {
  await openEngine('wasm');
});

describe('modules that are trained whole', () => {
  const withModules = async (json: object, modulesToSave: string[]) => {
    const model = await loadModel(await writeTinyModel(path('whole'), { json }));
    return addFreshAdapter(model, { ...lora, modulesToSave, seed: 0 });
  };
  const save = async (name: string, adapted: AdaptedModel) => {
    const parameters = {
      precision: 'f32' as const,
      get: (one: string) => adapted.tensors.get(one) as tf.Tensor,
      accumulate: () => {},
    };
    await saveAdapter(path(name), { ...adapted, parameters, baseModel: 'tiny' });
    const stored = await openAdapter(path(name));
    await stored.close();
    return [...stored.wholeTensors.keys()];
  };

  it('are saved with the adapter and come back in place of the model’s own', async () => {
    const adapted = await withModules({}, ['norm', 'lm_head']);
    const table = 'model.embed_tokens.weight';
    const tensors = new Map(adapted.tensors);
    tensors.set(table, tf.neg(adapted.tensors.get(table) as tf.Tensor));
    // A tied table is written under both of its names: PEFT gives each its own copy.
    const names = await save('norms', { ...adapted, tensors });
    expect(names).toEqual(expect.arrayContaining(['model.norm.weight', table, 'lm_head.weight']));
    const read = await readOnto(path('norms'));
    expect(read.config.tiedEmbeddings).toBe(true);
    expect(read.adapter.wholeModules.map(({ name }) => name)).toEqual(
      adapted.adapter.wholeModules.map(({ name }) => name),
    );
    expect(read.tensors.get(table)?.dataSync()).toEqual(tensors.get(table)?.dataSync());
    disposeTensors(read);
    disposeTensors(adapted);
  });

  it('come apart, as in PEFT, where an adapter brings one of two tied tables', async () => {
    const adapted = await withModules({}, ['embed_tokens']);
    await save('apart', adapted);
    await withoutTensor(join(path('apart'), 'adapter_model.safetensors'), 'base_model.model.lm_head.weight');
    await changeConfig(path('apart'), { modules_to_save: ['embed_tokens'] });
    const apart = await readOnto(path('apart'));
    expect(apart.config.tiedEmbeddings).toBe(false);
    expect(apart.tensors.get('lm_head.weight')?.shape).toEqual([37, 16]);
    disposeTensors(apart);
    disposeTensors(adapted);
  });

  it('must be modules of the model, and not parts of a joined layer', async () => {
    const refused = { code: 'option-invalid', where: 'option modulesToSave' };
    await expect(withModules({}, ['wte'])).rejects.toMatchObject(refused);
    await expect(withModules({}, ['q_proj'])).rejects.toMatchObject(refused);
  });
});
