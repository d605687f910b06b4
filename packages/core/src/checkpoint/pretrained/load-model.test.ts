import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { decoderConfig } from '../../model/families/index.ts';
import { isBfloat16, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import type { EngineName } from '../../tensor/engine.ts';
import { enginesWithKernels } from '../../test-support/engines.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { tinyConfig, tinyConfigJson, tinyWeights, writeTinyModel } from '../../test-support/tiny-model.ts';
import { type TensorData, writeSafetensors } from '../../test-support/write-safetensors.ts';
import { float32ToBfloat16, float32ToFloat16 } from '../safetensors/half-floats.ts';
import { streamSafetensors } from '../safetensors/stream-safetensors.ts';
import { loadModel } from './load-model.ts';

const path = temporaryFolder();
let folders = 0;
const newFolder = () => path(String(folders++));

const withKernels = await enginesWithKernels();

/** The weights in another type. */
async function writeAs(dtype: 'F32' | 'F16' | 'BF16', file: string, weights: ReadonlyMap<string, TensorData>) {
  const convert = { F32: (values: Float32Array) => values, F16: float32ToFloat16, BF16: float32ToBfloat16 }[dtype];
  const tensors = [...weights].map(([name, { shape, values }]) => {
    const bytes = new Uint8Array(convert(values).buffer);
    return { name, dtype, shape, byteLength: bytes.length, bytes: () => bytes };
  });
  await streamSafetensors(file, tensors);
}

beforeAll(async () => {
  await openEngine('wasm');
});

const valuesOf = (tensor: tf.Tensor | undefined) => [...((tensor as tf.Tensor).dataSync() as Float32Array)];
const weightOf = (weights: ReadonlyMap<string, TensorData>, name: string) => [
  ...(weights.get(name) as TensorData).values,
];

describe('a model folder', () => {
  it('is left when it is told to stop, without a tensor', async () => {
    const folder = await writeTinyModel(newFolder());
    const reason = new Error('stopped');
    const before = tf.memory().numTensors;
    await expect(loadModel(folder, 'f32', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('becomes tensors, with the matrices of one input joined', async () => {
    const weights = tinyWeights();
    const { config, tensors } = await loadModel(await writeTinyModel(newFolder(), { weights }));
    expect(config).toEqual(tinyConfig);
    const attention = 'model.layers.1.self_attn';
    const joined = ['q_proj', 'k_proj', 'v_proj'].flatMap((name) => weightOf(weights, `${attention}.${name}.weight`));
    expect(valuesOf(tensors.get(`${attention}.qkv_proj.weight`))).toEqual(joined);
    expect(tensors.get(`${attention}.qkv_proj.weight`)?.shape).toEqual([32, 16]);
    expect(valuesOf(tensors.get('model.norm.weight'))).toEqual(weightOf(weights, 'model.norm.weight'));
    expect(tensors.has('lm_head.weight')).toBe(false);
    tf.dispose([...tensors.values()]);
  });

  it.each(withKernels.flatMap((engine) => (['F32', 'F16', 'BF16'] as const).map((dtype) => ({ engine, dtype }))))(
    'stored as $dtype has the same matrices in bf16 on $engine as if rounded from f32, and norms in f32',
    async ({ engine, dtype }) => {
      const folder = await writeTinyModel(newFolder());
      await writeAs(dtype, join(folder, 'model.safetensors'), tinyWeights());
      await openEngine(engine);
      const wide = await loadModel(folder);
      const narrow = await loadModel(folder, 'bf16');
      for (const [name, tensor] of wide.tensors) {
        const loaded = narrow.tensors.get(name) as tf.Tensor;
        expect([name, loaded.shape, isBfloat16(loaded)]).toEqual([name, tensor.shape, tensor.rank > 1]);
        const expected = tensor.rank > 1 ? toFloat32(toPrecision(tensor, 'bf16')) : tensor;
        expect(valuesOf(toFloat32(loaded))).toEqual(valuesOf(expected));
      }
      tf.dispose([...wide.tensors.values(), ...narrow.tensors.values()]);
      await openEngine('wasm');
    },
  );

  it('may leave away what all names begin with, as GPT-2 does', async () => {
    const weights = new Map([...tinyWeights()].map(([name, data]) => [name.replace(/^model\./, ''), data]));
    const { tensors } = await loadModel(await writeTinyModel(newFolder(), { weights }));
    const { tensors: whole } = await loadModel(await writeTinyModel(newFolder()));
    for (const [name, tensor] of whole) expect(valuesOf(tensors.get(name)), name).toEqual(valuesOf(tensor));
    tf.dispose([...tensors.values(), ...whole.values()]);
  });

  it('may have a vocabulary projection of its own, and biases', async () => {
    const config = decoderConfig(
      { ...tinyConfigJson, tie_word_embeddings: false, attention_bias: true },
      'config.json',
    );
    const weights = tinyWeights(config);
    const json = { tie_word_embeddings: false, attention_bias: true };
    const model = await loadModel(await writeTinyModel(newFolder(), { json, weights }));
    expect(model.config).toEqual(config);
    expect(valuesOf(model.tensors.get('lm_head.weight'))).toEqual(weightOf(weights, 'lm_head.weight'));
    expect(model.tensors.get('model.layers.0.self_attn.qkv_proj.bias')?.shape).toEqual([32]);
    tf.dispose([...model.tensors.values()]);
  });

  it('is refused when it is not there, or has no config.json', async () => {
    const folder = newFolder();
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-invalid', where: folder });
    await writeTinyModel(folder);
    await rm(join(folder, 'config.json'));
    const message = expect.stringContaining('no config.json') as string;
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-invalid', message });
  });

  it.each(['{"vocab_size": ', '7', 'null'])('is refused when config.json is %s', async (text) => {
    const folder = await writeTinyModel(newFolder());
    await writeFile(join(folder, 'config.json'), text);
    await expect(loadModel(folder)).rejects.toMatchObject({
      code: 'model-invalid',
      where: join(folder, 'config.json'),
    });
  });

  it('is refused when it has no weights', async () => {
    const folder = await writeTinyModel(newFolder());
    await rm(join(folder, 'model.safetensors'));
    const message = expect.stringContaining('model.safetensors is missing') as string;
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-invalid', where: folder, message });
  });

  it('is refused when its weights are a pickle, and told how to save them again', async () => {
    const folder = await writeTinyModel(newFolder());
    await rm(join(folder, 'model.safetensors'));
    await writeFile(join(folder, 'pytorch_model.bin'), 'x');
    const fix = expect.stringContaining('save_pretrained') as string;
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-invalid', fix });
  });

  it.each([
    [{ num_hidden_layers: 1e9 }, 'num_hidden_layers'],
    [{ head_dim: 2 ** 32 }, 'head_dim'],
    [{ hidden_size: 1e12 }, 'hidden_size'],
    [{ vocab_size: 2 ** 40 }, 'vocab_size'],
    [{ max_position_embeddings: 2 ** 52 }, 'max_position_embeddings'],
  ])('is refused when config.json has %o, which no model has', async (json, field) => {
    const folder = await writeTinyModel(newFolder(), { json });
    const where = `${join(folder, 'config.json')}, field "${field}"`;
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-invalid', where });
  });

  it.each([
    [{ num_hidden_layers: 4096 }, '"model.layers.2.'],
    [{ vocab_size: 2 ** 30 }, '"model.embed_tokens.weight"'],
    [{ intermediate_size: 2 ** 20 }, '_proj.weight"'],
    [{ head_dim: 2 ** 20 }, '_proj.weight"'],
  ])('is refused before anything is allocated when config.json has %o, and the weights less', async (json, said) => {
    const folder = await writeTinyModel(newFolder(), { json });
    const before = process.memoryUsage().arrayBuffers;
    const message = expect.stringContaining(said) as string;
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-invalid', message });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('is refused when a tensor is missing or has another shape than config.json says', async () => {
    const name = 'model.layers.1.mlp.up_proj.weight';
    const folder = newFolder();
    const weights = tinyWeights();
    weights.delete(name);
    const missing = expect.stringContaining(`"${name}" is missing`) as string;
    await expect(loadModel(await writeTinyModel(folder, { weights }))).rejects.toMatchObject({
      code: 'model-invalid',
      message: missing,
      where: join(folder, 'model.safetensors'),
    });
    weights.set(name, { shape: [16, 24], values: new Float32Array(16 * 24) });
    await writeSafetensors(join(folder, 'model.safetensors'), weights);
    const shaped = expect.stringContaining('the shape [16,24], but config.json asks for [24,16]') as string;
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-invalid', message: shaped });
  });

  it.for([
    { dtype: 'F32', precision: 'f32' },
    { dtype: 'F16', precision: 'f32' },
    { dtype: 'BF16', precision: 'f32' },
    { dtype: 'BF16', precision: 'bf16' },
  ] as const)('is refused by the tensor that is not finite: $dtype read as $precision', async (types, context) => {
    const { dtype, precision } = types;
    context.skip(precision === 'bf16' && withKernels.length === 0);
    const name = 'model.layers.1.mlp.up_proj.weight';
    const weights = tinyWeights();
    weights.get(name)?.values.fill(Number.NaN, 17, 18);
    const folder = await writeTinyModel(newFolder());
    await writeAs(dtype, join(folder, 'model.safetensors'), weights);
    await openEngine(precision === 'bf16' ? (withKernels[0] as EngineName) : 'wasm');
    const before = tf.memory().numTensors;
    const where = expect.stringContaining('model.safetensors') as string;
    const problem = expect.stringMatching(`"${name}".*number 18 of 384`) as string;
    await expect(loadModel(folder, precision)).rejects.toMatchObject({ code: 'model-invalid', where, problem });
    expect(tf.memory().numTensors).toBe(before);
    await openEngine('wasm');
  });
});
