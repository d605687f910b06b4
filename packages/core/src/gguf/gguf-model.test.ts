import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../checkpoint/pretrained/load-model.ts';
import { openEngine } from '../engine/open-engine.ts';
import { evaluate } from '../evaluate.ts';
import { type ExportType, exportModel } from '../export-model.ts';
import { openByteSource } from '../files/byte-source.ts';
import { hashFile } from '../files/hash-file.ts';
import { fineTune } from '../fine-tune.ts';
import { generate } from '../generate.ts';
import { locateModel } from '../hub/locate-model.ts';
import { decoderConfig } from '../model/families/index.ts';
import { plain } from '../recipe/plain.ts';
import { useGgufHome } from '../test-support/gguf-home.ts';
import { ggufValueOf } from '../test-support/gguf-value.ts';
import { COMMIT } from '../test-support/hub-server.ts';
import { randomAdapter } from '../test-support/random-adapter.ts';
import { newRun, path, model as stories } from '../test-support/small-runs.ts';
import { hub, serve, useTinyHub } from '../test-support/tiny-hub.ts';
import { tinyConfigJson, tinyWeights, writeTinyModel } from '../test-support/tiny-model.ts';
import { openGgufFiles } from './format/open-files.ts';
import { readHeader } from './format/read-header.ts';
import { type GgufTensor, writeGguf } from './format/write-file.ts';

useTinyHub(path);
useGgufHome(path);
beforeAll(async () => {
  await openEngine('wasm');
});

let files = 0;
const exported = async (type: ExportType) =>
  (await exportModel({ model: stories, to: 'gguf', type, output: path(`stories-${files++}.gguf`) })).output;

const rows = Array.from({ length: 8 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
/** Not `auto`, which measures: on a busy machine two runs may choose otherwise. */
const precision = 'f32';
const training = { precision, maxSteps: 3, batchSize: 2, loraRank: 2, learningRate: 0.01, cache: false } as const;
const common = { recipe: plain(), engine: 'wasm' } as const;

describe('a GGUF file in place of a folder', () => {
  it('is trained, evaluated, generated from and exported as the folder of its weights is', async () => {
    const file = await exported('q8_0');
    const { output: folder } = await exportModel({ model: file, to: 'merged', output: path('dequantised') });
    expect(readdirSync(folder).sort()).toEqual([
      ...['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'],
    ]);
    const outcomes = [];
    const sampling = { maxNewTokens: 6 };
    for (const model of [file, folder]) {
      const { run } = await fineTune({ ...common, model, data: rows, output: newRun(), training });
      const adapter = join(run, 'adapter');
      const used = { ...common, model, adapter, sampling, training: { precision } } as const;
      const { completionLoss } = await evaluate({ ...used, data: rows.slice(0, 2) });
      const texts = await generate({ ...used, rows: rows.slice(0, 2) });
      const weights = await hashFile(join(adapter, 'adapter_model.safetensors'));
      const merged = await exportModel({ run, to: 'merged' });
      const whole = await hashFile(join(merged.output, 'model.safetensors'));
      outcomes.push({ run, adapter, result: { completionLoss, texts, weights, whole } });
    }
    const [fromFile, fromFolder] = outcomes;
    expect(fromFile?.result).toEqual(fromFolder?.result);
    const config = JSON.parse(readFileSync(join(fromFile?.adapter ?? '', 'adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ base_model_name_or_path: file });
    const { output: peft } = await exportModel({ run: fromFile?.run, to: 'peft' });
    expect(JSON.parse(readFileSync(join(peft, 'adapter_config.json'), 'utf8'))).toEqual(config);
    expect(readFileSync(join(peft, 'README.md'), 'utf8')).toContain('as q8_0');
    const described = JSON.parse(readFileSync(join(fromFile?.run ?? '', 'run.json'), 'utf8')) as object;
    expect(described).toMatchObject({
      model: { folder: file, family: 'llama', types: { Q8_0: expect.any(Number) as number, F32: 11 } },
      inputs: { model: [{ path: file, sha256: await hashFile(file) }], tokenizer: [] },
    });
  }, 20_000);

  it('is saved as a folder that other tools load, where every weight was trained', async () => {
    const file = await exported('f16');
    const settings = { ...training, method: 'full' } as const;
    const { run } = await fineTune({ ...common, model: file, data: rows, output: newRun(), training: settings });
    expect(readdirSync(join(run, 'model'))).toEqual(
      expect.arrayContaining(['tokenizer.json', 'tokenizer_config.json']),
    );
    const config = JSON.parse(readFileSync(join(run, 'model', 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ architectures: ['LlamaForCausalLM'], vocab_size: 512, dtype: 'float32' });
    const { output } = await exportModel({ run, to: 'merged' });
    expect((await loadModel(output)).config.vocabularySize).toBe(512);
  });

  it('in types that are kept as others is exported as the weights that it was trained on', async () => {
    // Rows of 256 values: Q4_K and Q6_K, which become q4_1 and q8_0.
    const json = {
      ...tinyConfigJson,
      vocab_size: 512,
      hidden_size: 256,
      intermediate_size: 256,
      tie_word_embeddings: false,
    };
    const weights = tinyWeights(decoderConfig(json, 'config.json'));
    const folder = await writeTinyModel(path('wide'), { json, weights });
    for (const name of ['tokenizer.json', 'tokenizer_config.json'])
      await copyFile(join(stories, name), join(folder, name));
    const q4km = { model: folder, to: 'gguf', type: 'q4_k_m', output: path('wide.gguf') } as const;
    const { output: model } = await exportModel(q4km);
    const inF32 = { precision, evaluateLossesOnly: true } as const;
    const lossOf = async (options: { model: string; adapter?: string }) => {
      const { completionLoss } = await evaluate({ ...common, ...options, data: rows.slice(0, 4), training: inF32 });
      return completionLoss as number;
    };
    const losses = [];
    for (const [quantize, said] of [
      [undefined, 'stored'],
      ['int8', 'int8'],
      ['none', undefined],
    ] as const) {
      const settings = { ...training, ...inF32, quantize };
      const { run } = await fineTune({ ...common, model, data: rows, output: newRun(), training: settings });
      const adapter = join(run, 'adapter');
      const config = JSON.parse(readFileSync(join(adapter, 'adapter_config.json'), 'utf8')) as object;
      expect(config).toMatchObject({ base_model_quantization: { quantize: quantize ?? 'stored', embeddings: false } });
      const { output, dequantized } = await exportModel({ run, to: 'merged', type: 'f32' });
      expect(dequantized).toBe(said);
      const loss = await lossOf({ model, adapter });
      expect(Math.abs((await lossOf({ model: output })) - loss)).toBeLessThan(1e-5);
      losses.push(loss);
    }
    expect(new Set(losses).size).toBe(2);
  }, 60_000);

  it('that is not there, or has a shard that is not, is said so', async () => {
    await expect(locateModel(path('none.gguf'), 'model')).rejects.toThrow('There is no such file');
    const missing = path('x-00001-of-00002.gguf');
    await expect(locateModel(missing, 'model')).rejects.toMatchObject({ where: missing });
  });

  it('may have any name, and so may a folder', async () => {
    const named = path('one-00001-of-00000.gguf');
    await copyFile(await exported('f16'), named);
    expect((await locateModel(named, 'model')).gguf?.files).toEqual([named]);
    const blob = path('sha256-0123');
    await copyFile(named, blob);
    expect((await locateModel(blob, 'model')).gguf?.files).toEqual([blob]);
    const { output } = await exportModel({ model: blob, to: 'merged', output: path('from-a-blob') });
    expect(readdirSync(output)).toContain('model.safetensors');
    const folder = path('folder.gguf');
    cpSync(stories, folder, { recursive: true });
    expect(await locateModel(folder, 'model')).toEqual({ folder });
  });

  it('that holds an adapter is no model', async () => {
    const adapter = path('an-adapter');
    tf.dispose([...(await randomAdapter(stories, adapter, {})).tensors.values()]);
    const { output } = await exportModel({ model: stories, adapter, to: 'gguf-adapter', output: path('lora') });
    await expect(locateModel(join(output, 'adapter.gguf'), 'model')).rejects.toMatchObject({
      problem: `This GGUF file's "general.type" is not known here: it is "adapter", and only a model can be used as one.`,
    });
  });
});

/** The file's tensors in so many files, the first of which has its metadata; named as llama.cpp does. */
async function split(file: string, count: number, name: string, change: object = {}): Promise<string[]> {
  const gguf = await openGgufFiles([file]);
  const header = await readHeaderOf(file);
  const all = [...gguf.tensors];
  const paths: string[] = [];
  for (let shard = 0; shard < count; shard++) {
    const tensors = all
      .filter((_, i) => i % count === shard)
      .map(([tensor, info]): GgufTensor => {
        const bytes = new Uint8Array(info.byteLength);
        const number = { F32: 0, F16: 1, Q8_0: 8 }[info.type.name] ?? 0;
        const read = () => gguf.readInto(info, bytes).then(() => bytes);
        return { name: tensor, shape: info.shape, type: number, byteLength: info.byteLength, bytes: read };
      });
    const own = { 'split.no': shard, 'split.count': count, 'split.tensors.count': all.length, ...change };
    const metadata = [...(shard === 0 ? header : []), ...Object.entries(own)];
    const digits = (number: number) => String(number).padStart(5, '0');
    paths.push(path(`${name}-${digits(shard + 1)}-of-${digits(count)}.gguf`));
    await writeGguf(
      paths[shard] as string,
      new Map(metadata.map(([key, value]) => [key, ggufValueOf(value)])),
      tensors,
    );
  }
  await gguf.close();
  return paths;
}

async function readHeaderOf(file: string): Promise<[string, unknown][]> {
  const source = await openByteSource(file);
  const { metadata } = await readHeader(source);
  await source.close();
  return [...metadata];
}

describe('shards', () => {
  it('are the same model, whichever of them is named', async () => {
    const file = await exported('f16');
    const shards = await split(file, 3, 'stories');
    const [whole, parts] = [await locateModel(file, 'model'), await locateModel(shards[1] as string, 'model')];
    expect(parts.gguf?.files).toEqual(shards);
    expect(parts.gguf?.types).toEqual(whole.gguf?.types);
    const [one, other] = [await loadModel(whole.folder), await loadModel(parts.folder)];
    for (const [name, tensor] of one.tensors) expect(other.tensors.get(name)?.dataSync()).toEqual(tensor.dataSync());
    tf.dispose([...one.tensors.values(), ...other.tensors.values()]);
    const { output } = await exportModel({ model: shards[0] as string, to: 'merged', output: path('from-shards') });
    expect(readdirSync(output)).toContain('model-00003-of-00003.safetensors');
    expect((await loadModel(output)).config).toEqual(one.config);
  });

  it('that do not belong together are refused', async () => {
    const file = await exported('f16');
    const [first = ''] = await split(file, 2, 'lying', { 'split.no': 1 });
    await expect(locateModel(first, 'model')).rejects.toThrow('This file is shard 2 of 2, and its name says 1 of 2');
    const [short = ''] = await split(file, 2, 'short', { 'split.tensors.count': 99 });
    await expect(locateModel(short, 'model')).rejects.toThrow('are to have 99');
  });
});

describe('a GGUF file on the hub', () => {
  it('is fetched into the cache with its shards and nothing else, and not again', async () => {
    const shards = await split(await exported('f16'), 2, 'hub');
    const names = shards.map((shard) => `gguf/${shard.split('/').at(-1)}`);
    const contents = await Promise.all(shards.map(async (shard, i) => [names[i], await readFile(shard)] as const));
    await serve({ ...Object.fromEntries(contents), 'other.gguf': Buffer.from('x'), 'README.md': Buffer.from('y') });
    const found = await locateModel(`org/tiny/${names[0]}`, 'tokenizer');
    expect(found.hub).toEqual({ id: 'org/tiny', revision: 'main', commit: COMMIT, file: names[0] });
    expect(found.gguf?.files.map((file) => file.split('/snapshots/')[1])).toEqual(
      names.map((name) => `${COMMIT}/${name}`),
    );
    // An adapter names the file: there are others in the repository.
    const model = `org/tiny/${names[0]}`;
    const { run } = await fineTune({ ...common, model, data: rows, output: newRun(), training });
    const config = JSON.parse(readFileSync(join(run, 'adapter', 'adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ base_model_name_or_path: model });
    hub.requests.length = 0;
    await locateModel(`org/tiny/${names[0]}@${COMMIT}`, 'model');
    expect(hub.requests).toEqual([]);
    await expect(locateModel('org/tiny/none.gguf', 'model')).rejects.toMatchObject({
      problem: 'There is no none.gguf in this repository.',
      fix: expect.stringContaining('other.gguf') as string,
    });
  });
});
