import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ExportType, exportModel } from '../../packages/core/src/export-model.ts';
import { fineTune, generate, loadTokenizer, plain } from '../../packages/core/src/index.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { modelFolder } from '../parity/fixtures.ts';
import { runPython, runWith } from './tools.ts';

const path = temporaryFolder();
const stories = modelFolder('stories260k');
const prompt = 'Once upon a time';
const promptIds = [1, 403, 407, 261, 378];
const newTokens = 40;

interface Continuation {
  readonly promptIds: number[];
  readonly newIds: number[];
}

const families = [
  'llama',
  'mistral',
  'qwen2',
  'qwen3',
  'smollm3',
  'phi3',
  'gemma2',
  'gemma3_text',
  'gpt2',
  'gpt_neox',
] as const;
const onnxFamilies = families.slice(0, 6);

let expected: Record<string, { model: string; newIds: number[] }>;
/** What we generate ourselves. */
let told: number[];

beforeAll(async () => {
  await mkdir(path('tiny'));
  const tiny = { tokenizer: stories, folder: path('tiny'), ids: promptIds, new: newTokens };
  await runPython('tiny_families.py', [tiny], path('jobs.json'));
  expected = JSON.parse(await readFile(path('tiny', 'expected.json'), 'utf8')) as typeof expected;
  const sampling = { maxNewTokens: newTokens };
  const [text = ''] = await generate({ recipe: plain(), model: stories, rows: [{ prompt }], sampling });
  told = (await loadTokenizer(stories)).encode(text, 'continuation');
});

const upToEnd = (ids: readonly number[]) => (ids.includes(2) ? ids.slice(0, ids.indexOf(2) + 1) : ids);

describe('llama.cpp', () => {
  const continued = (model: string, lora?: string) =>
    runWith<Continuation>('llama.cpp', 'llama-cpp.mjs', { name: 'node-llama-cpp', model, lora, prompt, newTokens });

  it.each(['f32', 'f16', 'q8_0'] as const)('tells the same story from %s', async (type) => {
    const { output } = await exportModel({ model: stories, to: 'gguf', type, output: path(`stories-${type}.gguf`) });
    expect(await continued(output)).toEqual({ promptIds, newIds: told });
  });

  it.each(['lora', 'rsLora'] as const)('tells our story from an adapter on its base: %s', async (kind) => {
    const run = path(kind);
    const rows = path('rows.jsonl');
    await writeFile(
      rows,
      `${JSON.stringify({ prompt, completion: ', a dragon lived in the sea. It was red.' })}\n`.repeat(8),
    );
    const steps = { maxSteps: 60, batchSize: 4, learningRate: 1e-2, precision: 'f32' } as const;
    const training = { ...steps, loraRank: 4, rsLora: kind === 'rsLora' };
    await fineTune({ recipe: plain(), model: stories, data: rows, training, output: run });
    const { output: base } = await exportModel({
      model: stories,
      to: 'gguf',
      type: 'f32',
      output: path(`${kind}.gguf`),
    });
    const { output } = await exportModel({ run, to: 'gguf-adapter', output: path(`${kind}-adapter`) });
    // As far as it has learnt: what comes then may be no token that llama.cpp gives.
    const learnt = 16;
    const sampling = { maxNewTokens: learnt };
    const [text = ''] = await generate({
      recipe: plain(),
      model: stories,
      adapter: join(run, 'adapter'),
      rows: [{ prompt }],
      sampling,
    });
    const tokenizer = await loadTokenizer(stories);
    expect(text).toMatch(/^, a dragon lived/);
    const { newIds } = await continued(base, join(output, 'adapter.gguf'));
    expect(tokenizer.decode(newIds.slice(0, learnt), 'continuation')).toBe(text);
  });

  it.each(families)('continues as transformers does: %s', async (family) => {
    const { model, newIds } = expected[family] as (typeof expected)[string];
    const output = path(`${model}.gguf`);
    await exportModel({ model: path('tiny', model), to: 'gguf', type: 'f32', output });
    expect(await continued(output)).toEqual({ promptIds, newIds: upToEnd(newIds) });
  });
});

describe.each([
  { tools: 'transformers.js 2', name: '@xenova/transformers' },
  { tools: 'transformers.js', name: '@huggingface/transformers' },
] as const)('$name', ({ tools, name }) => {
  const continued = (model: string, type: ExportType) => {
    const old = { quantized: type === 'int8', model_file_name: 'model' };
    const options = name.startsWith('@xenova') ? old : {};
    const models = `${path()}/`;
    return runWith<Continuation>(tools, 'transformers-js.mjs', { name, models, model, options, prompt, newTokens });
  };

  it.each(['f32', 'int8'] as const)('tells the same story from %s', async (type) => {
    const model = `${tools.replaceAll(' ', '-')}-${type}`;
    await exportModel({ model: stories, to: 'onnx', type, output: path(model) });
    expect(await continued(model, type)).toEqual({ promptIds, newIds: told });
  });

  // Version 2 knows fewer families, and takes a head's size to be hidden / heads, which our tiny mistral's is not.
  const known = name.startsWith('@xenova') ? (['llama', 'qwen2'] as const) : onnxFamilies;
  it.each(known)('continues as transformers does: %s', async (family) => {
    const { model, newIds } = expected[family] as (typeof expected)[string];
    const output = join(path(), `${tools.replaceAll(' ', '-')}-${model}`);
    await exportModel({ model: path('tiny', model), to: 'onnx', output });
    const { newIds: ours } = await continued(`${tools.replaceAll(' ', '-')}-${model}`, 'f32');
    expect(ours).toEqual(upToEnd(newIds));
  });
});
