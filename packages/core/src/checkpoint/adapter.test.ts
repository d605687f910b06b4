import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../data/random.ts';
import { openEngine } from '../engine/open-engine.ts';
import { withAdapters } from '../model/lora.ts';
import { linearsOf } from '../model/parameter-table.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { freshAdapters, readAdapter, readAdapterConfig, saveAdapter } from './adapter.ts';
import { openSafetensors } from './safetensors.ts';

const path = temporaryFolder();
const lora = { rank: 3, alpha: 6, targets: ['q_proj', 'v_proj', 'mlp.down_proj'] };
const first = 'base_model.model.model.layers.0';

beforeAll(async () => {
  await openEngine('wasm');
});

async function savedAdapter(name: string, options = lora) {
  const decoder = tinyDecoder({ train: options });
  const folder = path(name);
  await saveAdapter(folder, { ...decoder, lora: options, baseModel: 'tiny' });
  return { folder, decoder };
}

const invalid = (problem: string) => ({ code: 'model-invalid', message: expect.stringContaining(problem) as string });

describe('an adapter', () => {
  it('comes back as it was saved', async () => {
    const { folder, decoder } = await savedAdapter('same');
    const read = await readAdapter(folder, withAdapters(linearsOf(tinyConfig), await readAdapterConfig(folder)));
    const { parameters } = decoder;
    expect([...read.keys()].sort()).toEqual(parameters.trainable.map(({ name }) => name).sort());
    for (const [name, tensor] of read) {
      expect(tensor.shape, name).toEqual(parameters.get(name).shape);
      expect(tensor.dataSync(), name).toEqual(parameters.get(name).dataSync());
    }
    tf.dispose([...read.values()]);
    parameters.dispose();
  });

  it("has PEFT's names and shapes: each layer its own A and B", async () => {
    const { folder, decoder } = await savedAdapter('peft');
    const file = await openSafetensors(join(folder, 'adapter_model.safetensors'));
    const shapes = Object.fromEntries([...file.tensors].map(([name, { shape }]) => [name, shape]));
    expect(Object.keys(shapes)).toHaveLength(2 * 2 * 3);
    expect(shapes).toMatchObject({
      [`${first}.self_attn.q_proj.lora_A.weight`]: [3, 16],
      [`${first}.self_attn.q_proj.lora_B.weight`]: [16, 3],
      [`${first}.self_attn.v_proj.lora_A.weight`]: [3, 16],
      [`${first}.self_attn.v_proj.lora_B.weight`]: [8, 3],
      [`${first}.mlp.down_proj.lora_A.weight`]: [3, 24],
      [`${first}.mlp.down_proj.lora_B.weight`]: [16, 3],
    });
    // The second adapted part of the joined layer lies below the first.
    const joined = decoder.parameters.get('model.layers.0.self_attn.qkv_proj.lora_A').dataSync<'float32'>();
    expect(await file.read(`${first}.self_attn.v_proj.lora_A.weight`)).toEqual(joined.slice(3 * 16));
    await file.close();
    decoder.parameters.dispose();
  });

  it('says rank, alpha and targets in adapter_config.json', async () => {
    const { folder, decoder } = await savedAdapter('config');
    const config = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      r: 3,
      lora_alpha: 6,
      target_modules: ['q_proj', 'v_proj', 'down_proj'],
      base_model_name_or_path: 'tiny',
    });
    expect(await readAdapterConfig(folder)).toEqual({ rank: 3, alpha: 6, targets: ['q_proj', 'v_proj', 'down_proj'] });
    decoder.parameters.dispose();
  });

  it('is refused where the model has no such layer', () => {
    const adapt = () => withAdapters(linearsOf(tinyConfig), { ...lora, targets: ['q_proj', 'c_attn'] });
    expect(adapt).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    expect(adapt).toThrow(/called c_attn.*q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj/s);
  });

  it('is refused when a tensor is missing or has another shape', async () => {
    const { folder, decoder } = await savedAdapter('other', { ...lora, targets: ['q_proj'] });
    const withTargets = (targets: string[], rank = 3) =>
      withAdapters(linearsOf(tinyConfig), { rank, alpha: 6, targets });
    await expect(readAdapter(folder, withTargets(['q_proj', 'k_proj']))).rejects.toMatchObject(
      invalid('k_proj.lora_A'),
    );
    await expect(readAdapter(folder, withTargets(['q_proj'], 4))).rejects.toMatchObject(invalid('[3,16], but'));
    decoder.parameters.dispose();
  });

  it('is refused when its files are missing or broken', async () => {
    const { folder, decoder } = await savedAdapter('broken');
    const blocks = withAdapters(linearsOf(tinyConfig), lora);
    await rm(join(folder, 'adapter_model.safetensors'));
    await expect(readAdapter(folder, blocks)).rejects.toMatchObject({ code: 'model-invalid' });
    await writeFile(join(folder, 'adapter_config.json'), '{"peft_type":');
    await expect(readAdapterConfig(folder)).rejects.toMatchObject({ code: 'model-unsupported' });
    await rm(join(folder, 'adapter_config.json'));
    await expect(readAdapterConfig(folder)).rejects.toMatchObject(invalid('no adapter here'));
    decoder.parameters.dispose();
  });

  it.each([
    ['peft_type', { peft_type: 'IA3' }],
    ['use_dora', { use_dora: true }],
    ['use_rslora', { use_rslora: true }],
    ['modules_to_save', { modules_to_save: ['lm_head'] }],
  ])('is refused when %s asks for more than plain LoRA', async (field, change) => {
    const { folder, decoder } = await savedAdapter('more');
    const file = join(folder, 'adapter_config.json');
    await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...change }));
    const where = expect.stringContaining(`"${field}`) as string;
    await expect(readAdapterConfig(folder)).rejects.toMatchObject({ code: 'model-unsupported', where });
    decoder.parameters.dispose();
  });
});

describe('fresh adapters', () => {
  it('begin at the base model: A within ±1/√inputs, B zero, the same for the same seed', () => {
    const blocks = withAdapters(linearsOf(tinyConfig), lora);
    const [one, same, other] = [5, 5, 6].map((seed) => freshAdapters(blocks, createRandom(seed)));
    for (const [name, tensor] of one as Map<string, tf.Tensor>) {
      const values = tensor.dataSync();
      expect(values).toEqual(same?.get(name)?.dataSync());
      const bound = name.endsWith('lora_A') ? 1 / Math.sqrt(tensor.shape[1] as number) : 0;
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
      expect(values.some((value) => Math.abs(value) > bound / 2)).toBe(bound > 0);
    }
    const name = 'model.layers.0.mlp.down_proj.lora_A';
    expect(one?.get(name)?.dataSync()).not.toEqual(other?.get(name)?.dataSync());
    tf.dispose([one, same, other].flatMap((adapters) => [...(adapters as Map<string, tf.Tensor>).values()]));
  });
});
