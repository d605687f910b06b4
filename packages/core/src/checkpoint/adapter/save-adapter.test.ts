import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { type LoraOptions, planAdapters } from '../../model/adapters/lora.ts';
import { linearsOf } from '../../model/parameters/parameter-table.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { changeConfig, disposeTensors, readOnto } from '../../test-support/tiny-adapter.ts';
import { tinyConfig, tinyDecoder, writeTinyModel } from '../../test-support/tiny-model.ts';
import { writeSafetensors } from '../../test-support/write-safetensors.ts';
import { loadModel } from '../pretrained/load-model.ts';
import { openSafetensors } from '../safetensors/safetensors.ts';
import { addStoredAdapter } from './adapt-model.ts';
import { openAdapter } from './open-adapter.ts';
import { saveAdapter } from './save-adapter.ts';

const path = temporaryFolder();
const lora = { rank: 3, alpha: 6, targets: ['q_proj', 'v_proj', 'mlp.down_proj'] };
const first = 'base_model.model.model.layers.0';

beforeAll(async () => {
  await openEngine('wasm');
});

async function savedAdapter(name: string, options: LoraOptions = lora) {
  const decoder = tinyDecoder({ train: options });
  const folder = path(name);
  await saveAdapter(folder, { ...decoder, adapter: { lora: options, wholeModules: [] }, baseModel: 'tiny' });
  return { folder, decoder };
}

const invalid = (problem: string) => ({ code: 'model-invalid', message: expect.stringContaining(problem) as string });

describe('an adapter', () => {
  it.each([false, true])('comes back as it was saved, DoRA %s', async (dora) => {
    const { folder, decoder } = await savedAdapter('same', { ...lora, dora });
    const read = await readOnto(folder);
    const { parameters } = decoder;
    expect(new Set(read.trainable)).toEqual(new Set(parameters.trainable));
    expect(read.blocks).toEqual(decoder.blocks);
    for (const { name } of read.trainable) {
      expect(read.tensors.get(name)?.shape, name).toEqual(parameters.get(name).shape);
      expect(read.tensors.get(name)?.dataSync(), name).toEqual(parameters.get(name).dataSync());
    }
    disposeTensors(read);
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
    decoder.parameters.dispose();
  });

  it('names layers in full where not all of that name have one', async () => {
    const targets = ['model.layers.0.self_attn.q_proj', 'v_proj'];
    const { folder, decoder } = await savedAdapter('some', { ...lora, targets });
    const config = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ target_modules: targets });
    decoder.parameters.dispose();
  });

  it('is scaled by alpha / √rank when it is rank-stabilised', async () => {
    const { folder, decoder } = await savedAdapter('stable', { ...lora, rank: 4, alpha: 6, rsLora: true });
    const adapter = await openAdapter(folder);
    expect(adapter.lora).toEqual({ rank: 4, alpha: 6, dropout: 0, rsLora: true, dora: false });
    expect([...adapter.plan.values()].every(({ rank, scale }) => rank === 4 && scale === 3)).toBe(true);
    await adapter.close();
    decoder.parameters.dispose();
  });

  it("has ranks and alphas of single layers where PEFT's patterns say so, and keeps them", async () => {
    const { folder, decoder } = await savedAdapter('patterns', { ...lora, targets: ['q_proj'] });
    await changeConfig(folder, {
      rank_pattern: { 'layers.1.*q_proj': 3 },
      r: 2,
      alpha_pattern: { 'self_attn.q_proj': 9 },
    });
    const file = join(folder, 'adapter_model.safetensors');
    const stored = await openSafetensors(file);
    const cut = async (name: string, shape: number[]) => {
      const values = await stored.read(name);
      return [name, { shape, values: values.slice(0, (shape[0] as number) * (shape[1] as number)) }] as const;
    };
    const tensors = [...stored.tensors.keys()].map((name) => {
      const rank = name.includes('layers.0') ? 2 : 3;
      return cut(name, name.includes('lora_A') ? [rank, 16] : [16, rank]);
    });
    await writeSafetensors(file, new Map(await Promise.all(tensors)));
    await stored.close();

    const read = await readOnto(folder);
    const [first, second] = read.blocks.map(({ qkv }) => qkv.parts[0]?.adapter);
    expect([first, second]).toEqual([
      { rank: 2, scale: 9 / 2 },
      { rank: 3, scale: 3 },
    ]);
    const parameters = {
      precision: 'f32' as const,
      get: (name: string) => read.tensors.get(name) as tf.Tensor,
      accumulate: () => {},
    };
    await saveAdapter(path('again'), { ...read, parameters, baseModel: 'tiny' });
    const again = await openAdapter(path('again'));
    expect(again.plan).toEqual(new Map(read.blocks.map(({ qkv: { parts } }) => [parts[0]?.name, parts[0]?.adapter])));
    await again.close();
    disposeTensors(read);
    decoder.parameters.dispose();
  });

  it.each([
    [{ rank_pattern: { '(a': 2 } }, 'rank_pattern', '"(a"'],
    [{ alpha_pattern: { '(?!x)q_proj': 2 } }, 'alpha_pattern', '"(?!x)q_proj"'],
    [
      { rank_pattern: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p${i}`, 1])) },
      'rank_pattern',
      '16384',
    ],
    [{ target_modules: Array<string>(20_000).fill('q_proj') }, 'target_modules', ''],
  ])('is refused with patterns that cannot be matched: %#', async (fields, field, said) => {
    const { folder } = await savedAdapter('patterns');
    await changeConfig(folder, fields);
    const where = `${join(folder, 'adapter_config.json')}, field "${field}"`;
    const expected = { code: 'model-unsupported', where, message: expect.stringContaining(said) as string };
    await expect(openAdapter(folder)).rejects.toMatchObject(expected);
  });

  it('has a pattern that a backtracking engine would never be done with', async () => {
    const { folder } = await savedAdapter('slow');
    await changeConfig(folder, { rank_pattern: { '((.*)*)*x': 5 } });
    const adapter = await openAdapter(folder);
    expect([...adapter.plan.values()].map(({ rank }) => rank)).not.toContain(5);
    await adapter.close();
  });

  it('is refused where the model has no such layer', async () => {
    const adapt = () => planAdapters(linearsOf(tinyConfig), { ...lora, targets: ['q_proj', 'c_attn'] });
    expect(adapt).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    expect(adapt).toThrow(/called c_attn.*q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj/s);
    const { folder, decoder } = await savedAdapter('deep');
    const shallow = await loadModel(await writeTinyModel(path('shallow'), { json: { num_hidden_layers: 1 } }));
    await expect(addStoredAdapter(shallow, folder)).rejects.toMatchObject(invalid('layers.1.self_attn.q_proj'));
    tf.dispose([...shallow.tensors.values()]);
    decoder.parameters.dispose();
  });

  it('is refused when a tensor is missing or has another shape', async () => {
    const { folder, decoder } = await savedAdapter('other', { ...lora, targets: ['q_proj'] });
    await changeConfig(folder, { target_modules: ['q_proj', 'k_proj'] });
    await expect(readOnto(folder)).rejects.toMatchObject(invalid('k_proj" (and 1 more), but its weights have none'));
    await changeConfig(folder, { target_modules: ['q_proj'], r: 4 });
    await expect(readOnto(folder)).rejects.toMatchObject(invalid('[3,16], but'));
    decoder.parameters.dispose();
  });

  it('is refused when its files are missing or broken', async () => {
    const { folder, decoder } = await savedAdapter('broken');
    await rm(join(folder, 'adapter_model.safetensors'));
    await expect(openAdapter(folder)).rejects.toMatchObject({ code: 'model-invalid' });
    await writeFile(join(folder, 'adapter_config.json'), '{"peft_type":');
    await expect(openAdapter(folder)).rejects.toThrow(/is not a JSON object/);
    await rm(join(folder, 'adapter_config.json'));
    await expect(openAdapter(folder)).rejects.toMatchObject(invalid('no adapter here'));
    decoder.parameters.dispose();
  });

  it('is refused by the tensor that is not finite', async () => {
    const { folder, decoder } = await savedAdapter('not-finite');
    const file = join(folder, 'adapter_model.safetensors');
    const stored = await openSafetensors(file);
    const tensors = new Map<string, { shape: readonly number[]; values: Float32Array }>();
    for (const [name, { shape }] of stored.tensors) tensors.set(name, { shape, values: await stored.read(name) });
    await stored.close();
    const name = `${first}.self_attn.q_proj.lora_B.weight`;
    tensors.get(name)?.values.fill(Number.POSITIVE_INFINITY, 2, 3);
    await writeSafetensors(file, tensors);
    await expect(readOnto(folder)).rejects.toMatchObject(invalid(name));
    decoder.parameters.dispose();
  });
});
