import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type AdaptedModel, addStoredAdapter } from './checkpoint/adapter/adapt-model.ts';
import { loadModel, type PretrainedModel } from './checkpoint/pretrained/load-model.ts';
import { float32ToBfloat16 } from './checkpoint/safetensors/half-floats.ts';
import { openSafetensors } from './checkpoint/safetensors/safetensors.ts';
import { streamSafetensors } from './checkpoint/safetensors/stream-safetensors.ts';
import { openEngine } from './engine/open-engine.ts';
import { exportModel } from './export-model.ts';
import { temporaryFolder } from './test-support/folder.ts';
import { distance, logitsOfStored } from './test-support/logits.ts';
import { randomAdapter } from './test-support/random-adapter.ts';
import { changeConfig, withoutTensor } from './test-support/tiny-adapter.ts';
import { tinyConfig, tinyWeights, writeTinyModel } from './test-support/tiny-model.ts';
import type { TensorData } from './test-support/write-safetensors.ts';

const path = temporaryFolder();
const stories = new URL('../../../models/stories260k', import.meta.url).pathname;

beforeAll(async () => {
  await openEngine('wasm');
});

const ids = Array.from({ length: 20 }, (_, i) => (i * 7) % tinyConfig.vocabularySize);
const logits = (model: PretrainedModel) => logitsOfStored(model, ids);

/** A saved adapter whose every parameter is random, on a saved model. */
async function savedAdapter(name: string, options: Parameters<typeof randomAdapter>[2], untied = false) {
  const weights = tinyWeights({ ...tinyConfig, tiedEmbeddings: !untied });
  const model = await writeTinyModel(path(`${name}-model`), { json: { tie_word_embeddings: !untied }, weights });
  const adapter = path(`${name}-adapter`);
  return { model, adapter, adapted: await randomAdapter(model, adapter, options) };
}

const withAdapter = async (model: string, adapter: string): Promise<AdaptedModel> =>
  addStoredAdapter(await loadModel(model), adapter);

describe('a merged model', () => {
  it.each([
    ['plain LoRA', {}, false],
    ['DoRA', { dora: true }, false],
    ['rank-stabilised', { rsLora: true, targets: ['q_proj', 'down_proj'] }, false],
    ['modules trained whole, tied', { modulesToSave: ['embed_tokens'] }, false],
    ['modules trained whole', { modulesToSave: ['lm_head', 'norm'] }, true],
  ])('computes what model and adapter compute: %s', async (name, options, untied) => {
    const { model, adapter, adapted } = await savedAdapter(name, options, untied);
    const expected = await logits(adapted);
    const { output, bytes } = await exportModel({ model, adapter, to: 'merged', output: path(`${name}-merged`) });
    expect(bytes).toBeGreaterThan((await stat(join(output, 'model.safetensors'))).size);
    const merged = await logits(await loadModel(output));
    expect(distance(merged, expected)).toBeLessThan(1e-5);
    expect(distance(await logits(await withAdapter(model, adapter)), expected)).toBeLessThan(1e-5);
    expect(distance(await logits(await loadModel(model)), expected)).toBeGreaterThan(0.1);
  });

  it('computes it too where tied embeddings are stored twice, and an adapter brings one of them', async () => {
    const { model, adapter } = await savedAdapter('stored-twice', { modulesToSave: ['embed_tokens'] });
    const weights = tinyWeights();
    const table = weights.get('model.embed_tokens.weight') as TensorData;
    await writeTinyModel(model, { weights: new Map([...weights, ['lm_head.weight', table]]) });
    await withoutTensor(join(adapter, 'adapter_model.safetensors'), 'base_model.model.lm_head.weight');
    await changeConfig(adapter, { modules_to_save: ['embed_tokens'] });
    const expected = await logits(await withAdapter(model, adapter));
    const { output } = await exportModel({ model, adapter, to: 'merged', output: path('stored-twice-merged') });
    expect(distance(await logits(await loadModel(output)), expected)).toBeLessThan(1e-5);
  });

  it.each(['merged', 'onnx', 'peft'] as const)(
    'keeps the generation settings, not the template, where an adapter brings a tokenizer: %s',
    async (to) => {
      const { model, adapter } = await savedAdapter(`settings-${to}`, {});
      await writeFile(join(model, 'generation_config.json'), '{"eos_token_id":[2,0]}');
      await writeFile(join(model, 'chat_template.jinja'), 'of the model');
      await writeFile(join(model, 'tokenizer.json'), 'of the model');
      await cp(join(stories, 'tokenizer.json'), join(adapter, 'tokenizer.json'));
      await cp(join(stories, 'tokenizer_config.json'), join(adapter, 'tokenizer_config.json'));
      const { output } = await exportModel({ model, adapter, to, output: path(`settings-${to}-out`) });
      expect(JSON.parse(await readFile(join(output, 'generation_config.json'), 'utf8'))).toEqual({
        eos_token_id: [2, 0],
      });
      expect(JSON.parse(await readFile(join(output, 'tokenizer.json'), 'utf8'))).toHaveProperty('model.type', 'BPE');
      expect(existsSync(join(output, 'chat_template.jinja'))).toBe(false);
    },
  );

  it('has the types of the source, tensor by tensor, or the one asked for', async () => {
    const { model, adapter } = await savedAdapter('types', {});
    const weights = tinyWeights();
    const mixed = [...weights].map(([name, { shape, values }]) => {
      const isNorm = name.includes('norm');
      const data = isNorm ? values : float32ToBfloat16(values);
      const bytes = () => new Uint8Array(data.buffer);
      return { name, dtype: isNorm ? 'F32' : 'BF16', shape, byteLength: data.byteLength, bytes };
    });
    await streamSafetensors(join(model, 'model.safetensors'), mixed);
    const typesIn = async (folder: string) => {
      const file = await openSafetensors(join(folder, 'model.safetensors'));
      await file.close();
      return Object.fromEntries([...file.tensors].map(([name, { dtype }]) => [name, dtype]));
    };
    const { output } = await exportModel({ model, adapter, to: 'merged', output: path('types-merged') });
    expect(await typesIn(output)).toEqual(Object.fromEntries(mixed.map(({ name, dtype }) => [name, dtype])));
    const half = await exportModel({ model, adapter, to: 'merged', type: 'f16', output: path('types-f16') });
    expect(new Set(Object.values(await typesIn(half.output)))).toEqual(new Set(['F16']));
    expect(JSON.parse(await readFile(join(half.output, 'config.json'), 'utf8'))).toMatchObject({ dtype: 'float16' });
  });

  it('lies in as many files as the source', async () => {
    const { model, adapter, adapted } = await savedAdapter('shards', {});
    const entries = [...tinyWeights()].map(([name, { shape, values }]) => {
      const bytes = () => new Uint8Array(values.buffer);
      return { name, dtype: 'F32', shape, byteLength: values.byteLength, bytes };
    });
    const sharded = path('shards-source');
    await mkdir(sharded);
    await cp(join(model, 'config.json'), join(sharded, 'config.json'));
    const files = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
    await streamSafetensors(join(sharded, files[0]), entries.slice(0, 5));
    await streamSafetensors(join(sharded, files[1]), entries.slice(5));
    const weight_map = Object.fromEntries(entries.map(({ name }, i) => [name, files[i < 5 ? 0 : 1]]));
    await writeFile(join(sharded, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));

    const { output } = await exportModel({ model: sharded, adapter, to: 'merged', output: path('shards-merged') });
    const one = await exportModel({ model, adapter, to: 'merged', output: path('shards-one') });
    const whole = await openSafetensors(join(one.output, 'model.safetensors'));
    const index = JSON.parse(await readFile(join(output, 'model.safetensors.index.json'), 'utf8')) as object;
    expect(index).toEqual({ metadata: { total_size: entries.reduce((sum, e) => sum + e.byteLength, 0) }, weight_map });
    for (const file of files) {
      const shard = await openSafetensors(join(output, file));
      for (const name of shard.tensors.keys()) expect(await shard.read(name)).toEqual(await whole.read(name));
      await shard.close();
    }
    await whole.close();
    tf.dispose([...adapted.tensors.values()]);
  });
});

describe('export', () => {
  it('takes what a run made, and says when there is nothing yet', async () => {
    const { model, adapter, adapted } = await savedAdapter('run', {});
    tf.dispose([...adapted.tensors.values()]);
    const run = path('a-run');
    await mkdir(run);
    await writeFile(join(run, 'run.json'), JSON.stringify({ model: { folder: model }, training: { method: 'lora' } }));
    const unfinished = { code: 'model-invalid', message: expect.stringContaining('no result yet') as string };
    await expect(exportModel({ run, to: 'merged' })).rejects.toMatchObject(unfinished);
    await cp(adapter, join(run, 'adapter'), { recursive: true });
    expect(await exportModel({ run, to: 'merged' })).toMatchObject({ output: join(run, 'merged') });
    await expect(exportModel({ run, to: 'merged' })).rejects.toMatchObject({ code: 'output-in-use' });
    expect(await exportModel({ run, to: 'peft' })).toMatchObject({ output: join(run, 'peft') });
    const config = JSON.parse(await readFile(join(run, 'peft', 'adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ base_model_name_or_path: model, r: 3 });
    const moved = { run, to: 'merged', model: path('nowhere'), output: path('moved') } as const;
    await expect(exportModel(moved)).rejects.toMatchObject({ fix: expect.stringContaining('--model') as string });
  });

  it.each(['merged', 'onnx', 'gguf', 'peft'] as const)(
    'leaves nothing in the place of the result when it is stopped or fails: %s',
    async (to) => {
      const adapter = path(`stopped-${to}`);
      tf.dispose([...(await randomAdapter(stories, adapter, {})).tensors.values()]);
      const output = path(`not-there-${to}`, 'below', 'export');
      const stopped = new Error('stopped');
      await expect(
        exportModel({ model: stories, adapter, to, output, signal: AbortSignal.abort(stopped) }),
      ).rejects.toBe(stopped);
      expect(existsSync(path(`not-there-${to}`))).toBe(false);
      const file = path(`a-file-${to}`);
      await writeFile(file, '');
      const below = { model: stories, adapter, to, output: join(file, 'export') } as const;
      await expect(exportModel(below)).rejects.toMatchObject({
        code: 'output-unwritable',
        fix: expect.stringContaining('--output') as string,
      });
      await exportModel({ model: stories, adapter, to, output });
      expect(existsSync(output)).toBe(true);
      expect(await readdir(path(`not-there-${to}`, 'below'))).toEqual(
        to === 'gguf' ? ['export', 'export.Modelfile'] : ['export'],
      );
    },
  );

  it('is stopped between two tensors', async () => {
    const output = path('stopped-late');
    const controller = new AbortController();
    const stopped = new Error('stopped');
    const attempt = exportModel({ model: stories, to: 'merged', output, signal: controller.signal });
    await vi.waitUntil(() => existsSync(join(`${output}.partial`, 'model.safetensors')), { interval: 1 });
    controller.abort(stopped);
    await expect(attempt).rejects.toBe(stopped);
    expect(existsSync(output)).toBe(false);
    expect(existsSync(`${output}.partial`)).toBe(false);
  });

  it('fills an empty folder that is there, and may not be renamed', async () => {
    const output = path('mount');
    await mkdir(output);
    const { ino } = await stat(output);
    await exportModel({ model: stories, to: 'merged', output });
    expect((await stat(output)).ino).toBe(ino);
    expect(await readdir(output)).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json']),
    );
    expect(await readdir(output)).not.toContain('.partial');
  });

  it('refuses what does not go together', async () => {
    const model = path('run-model');
    await expect(exportModel({ model, to: 'peft', output: path('none') })).rejects.toMatchObject({
      where: '--to peft',
    });
    await expect(exportModel({ run: path('no-run'), to: 'peft', output: path('none') })).rejects.toThrow(
      /no run in this folder/,
    );
    await expect(exportModel({ to: 'merged', output: path('none') })).rejects.toMatchObject({ code: 'option-invalid' });
    await expect(exportModel({ model, to: 'merged' })).rejects.toMatchObject({ where: 'option output' });
    const typed = { model, to: 'peft', type: 'f32', output: path('none') } as const;
    await expect(exportModel(typed)).rejects.toMatchObject({ where: 'option type' });
  });
});
