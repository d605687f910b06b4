import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { exportModel } from '../../export-model.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { randomAdapter } from '../../test-support/random-adapter.ts';
import { changeConfig } from '../../test-support/tiny-adapter.ts';
import { writeTinyModel } from '../../test-support/tiny-model.ts';
import { type TensorData, writeSafetensors } from '../../test-support/write-safetensors.ts';
import { loadModel } from '../pretrained/load-model.ts';
import { openSafetensors } from '../safetensors/safetensors.ts';
import { addStoredAdapter } from './adapt-model.ts';
import { openAdapter } from './open-adapter.ts';
import { parseAdapterConfig } from './read-adapter-config.ts';

const path = temporaryFolder();
const layer = 'base_model.model.model.layers.0.self_attn.q_proj';
let model: string;

beforeAll(async () => {
  await openEngine('wasm');
  model = await writeTinyModel(path('model'));
});

/** An adapter for q_proj and v_proj, its config changed, with other tensors beside its own. */
async function adapterWith(name: string, config: object, more: readonly string[] = [], without = /^$/) {
  const folder = path(name);
  const { tensors } = await randomAdapter(model, folder, { targets: ['q_proj', 'v_proj'] });
  tf.dispose([...tensors.values()]);
  await changeConfig(folder, config);
  const file = join(folder, 'adapter_model.safetensors');
  const stored = await openSafetensors(file);
  const all = new Map<string, TensorData>();
  for (const [own, { shape }] of stored.tensors) {
    if (!without.test(own)) all.set(own, { shape, values: await stored.read(own) });
  }
  await stored.close();
  for (const own of more) all.set(own, { shape: [16, 16], values: new Float32Array(256) });
  await writeSafetensors(`${file}.new`, all);
  await copyFile(`${file}.new`, file);
  return folder;
}

describe('adapter_config.json says why it is refused', () => {
  it.each([
    ['peft_type', { peft_type: undefined }, /does not say of which kind/],
    ['peft_type', { peft_type: 'IA3' }, /of the kind "IA3", and LORA is the only one/],
    ['r', { r: 0 }, /rank is not above 0/],
    ['r', { r: undefined }, /rank is no whole number/],
    ['r', { r: 2.5 }, /rank is no whole number/],
    ['lora_alpha', { lora_alpha: 'high' }, /alpha is no number/],
    ['lora_alpha', { lora_alpha: -1 }, /alpha is not above 0/],
    ['target_modules', { target_modules: 5 }, /names no layers/],
    ['target_modules', { target_modules: Array<string>(20_000).fill('q_proj') }, /more than 16384/],
    ['exclude_modules', { exclude_modules: [5] }, /names no layers/],
    ['layers_to_transform', { layers_to_transform: 'first' }, /numbers no layers/],
    ['layers_pattern', { layers_pattern: 1 }, /names no layers/],
    ['rank_pattern', { rank_pattern: ['q_proj'] }, /no object that gives layers a value/],
    ['rank_pattern.q_proj', { rank_pattern: { q_proj: 0 } }, /rank is not above 0/],
    ['alpha_pattern.q_proj', { alpha_pattern: { q_proj: 'x' } }, /alpha is no number/],
    ['use_dora', { use_dora: 'yes' }, /neither true nor false/],
    ['lora_dropout', { lora_dropout: 1 }, /not from 0 to below 1/],
    ['modules_to_save', { modules_to_save: 'lm_head' }, /no list of modules/],
    ['bias', { bias: 'all' }, /biases that were trained along are not read/],
    ['bias', { bias: 'lora_only' }, /biases that were trained along are not read/],
    ['init_lora_weights', { init_lora_weights: 'pissa' }, /with "pissa" it changes the base model's weights/],
    ['init_lora_weights', { init_lora_weights: 'pissa_niter_16' }, /convert it with PEFT first/],
    ['init_lora_weights', { init_lora_weights: 'OLoRA' }, /with "OLoRA" it changes the base model's weights/],
    ['lora_bias', { lora_bias: true }, /its matrices have biases/],
    ['trainable_token_indices', { trainable_token_indices: [5] }, /single rows of the vocabulary/],
    ['layer_replication', { layer_replication: [[0, 4]] }, /repeats layers/],
    ['target_parameters', { target_parameters: ['experts'] }, /no linear layers/],
    ['use_qalora', { use_qalora: true }, /QALoRA/],
    ['use_bdlora', { use_bdlora: { nblocks: 2 } }, /BD-LoRA/],
    ['alora_invocation_tokens', { alora_invocation_tokens: [1, 2] }, /switched on by tokens/],
    ['arrow_config', { arrow_config: { top_k: 3 } }, /several adapters/],
    ['kasa_config', { kasa_config: { beta: 1 } }, /KaSA changes the base model/],
    ['monteclora_config', { monteclora_config: { n: 4 } }, /MonteCLoRA/],
  ])('%s: %j', (field, fields, reason) => {
    const json = JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: ['q_proj'], ...fields });
    const parse = () => parseAdapterConfig(json, 'adapter_config.json');
    const where = `adapter_config.json, field "${field}"`;
    expect(parse).toThrow(expect.objectContaining({ code: 'model-unsupported', where }));
    expect(parse).toThrow(reason);
  });

  it.each(['', '[]', '"LORA"', 'null'])('not an object: %j', (text) => {
    const expected = {
      where: 'adapter_config.json',
      problem: expect.stringContaining('is not a JSON object') as string,
    };
    expect(() => parseAdapterConfig(text, 'adapter_config.json')).toThrow(expect.objectContaining(expected));
  });

  it('and takes what is named and not used', () => {
    const unused = { bias: 'none', lora_bias: false, kasa_config: null, target_parameters: [], arrow_config: {} };
    const inits = [true, false, null, 'gaussian', 'eva', 'orthogonal'];
    for (const init_lora_weights of inits) {
      const json = { peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: null, ...unused, init_lora_weights };
      expect(parseAdapterConfig(JSON.stringify(json), 'adapter_config.json').r).toBe(2);
    }
  });
});

describe('weights say why they are refused', () => {
  it.each([
    ['base_model.model.model.embed_tokens.lora_embedding_A', /adapts an embedding table/],
    [`${layer}.lora_B.bias`, /is a bias of its matrices/],
    [`${layer}.lora_magnitude_vector`, /a magnitude of DoRA, and the config does not say use_dora/],
    ['base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta', /single rows of the vocabulary/],
    [`${layer}.lora_A.default.weight`, /save_pretrained/],
    [`${layer}.hada_w1_a`, /is for nothing that is known here/],
    ['lora_unet_down.lora_down.weight', /does not begin with base_model\.model\./],
  ])('%s', async (name, reason) => {
    const opening = openAdapter(await adapterWith('tensor', {}, [name]));
    await expect(opening).rejects.toMatchObject({ code: 'model-unsupported' });
    await expect(opening).rejects.toThrow(reason);
    await expect(opening).rejects.toThrow(name);
  });

  it.each([
    [
      'a layer of another model',
      {},
      ['lora_A', 'lora_B'].map((m) => `${layer.replace('.0.', '.7.')}.${m}.weight`),
      /layers\.7\.self_attn\.q_proj", which is none of the linear layers/,
    ],
    [
      'the head',
      {},
      ['lora_A', 'lora_B'].map((m) => `base_model.model.lm_head.${m}.weight`),
      /"lm_head", which is none of the linear layers/,
    ],
    [
      'a layer that the config leaves out',
      { target_modules: ['v_proj'] },
      [],
      /q_proj" \(and 1 more\), which its config leaves out/,
    ],
    ['an excluded layer', { exclude_modules: ['v_proj'] }, [], /v_proj" \(and 1 more\), which its config leaves out/],
    [
      'a layer that is not there',
      { target_modules: ['q_proj', 'v_proj', 'o_proj'] },
      [],
      /o_proj" \(and 1 more\), but its weights have none/,
    ],
    [
      'a tensor that the model lacks',
      {},
      ['base_model.model.score.weight'],
      /has a tensor "score\.weight"; this one does not/,
    ],
    [
      'a layer trained whole',
      { modules_to_save: ['k_proj'] },
      [`${layer.replace('q_proj', 'k_proj')}.weight`],
      /only together with the layers beside it/,
    ],
  ] as const)('%s', async (_, config, more, reason) => {
    const folder = await adapterWith('fit', config, more);
    const pretrained = await loadModel(model);
    await expect(addStoredAdapter(pretrained, folder)).rejects.toThrow(reason);
    tf.dispose([...pretrained.tensors.values()]);
  });

  it('a module trained whole that is not there', async () => {
    const folder = await adapterWith('module', { modules_to_save: ['norm', 'lm_head'] });
    await expect(openAdapter(folder)).rejects.toThrow(/brings norm, lm_head whole, but its weights have nothing/);
  });
});

describe('an adapter that leaves out layers', () => {
  it.each([
    [{ target_modules: ['q_proj', 'v_proj', 'k_proj'], exclude_modules: ['k_proj'] }, /^$/],
    [{ target_modules: ['q_proj', 'v_proj', 'up_proj'], exclude_modules: '.*mlp.*' }, /^$/],
    [{ target_modules: ['q_proj', 'v_proj', 'query_key_value'] }, /^$/],
    [{ exclude_modules: ['model.layers.1.self_attn.q_proj'] }, /layers\.1\.self_attn\.q_proj/],
    [{ layers_to_transform: [0] }, /layers\.1/],
    [{ target_modules: '(?!.*mlp).*[qv]_proj' }, /^$/],
  ] as const)('is read, and merged: %j', async (config, without) => {
    const folder = await adapterWith('excluded', config, [], without);
    const adapted = await addStoredAdapter(await loadModel(model), folder);
    expect(adapted.adapter.wholeModules).toEqual([]);
    tf.dispose([...adapted.tensors.values()]);
    const output = path(`merged-${JSON.stringify(config).replaceAll(/\W/g, '')}`);
    expect((await exportModel({ model, adapter: folder, to: 'merged', output })).output).toBe(output);
  });
});
