import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { addStoredAdapter } from '../../packages/core/src/checkpoint/adapter/adapt-model.ts';
import { loadModel } from '../../packages/core/src/checkpoint/pretrained/load-model.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { exportModel } from '../../packages/core/src/export-model.ts';
import { fineTune, loadTokenizer, plain } from '../../packages/core/src/index.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { distance, logitsOfStored } from '../../packages/core/src/test-support/logits.ts';
import { modelFolder } from '../parity/fixtures.ts';
import { runPython, runWith } from './tools.ts';

const path = temporaryFolder();
const stories = modelFolder('stories260k');
/** The model has 512 tokens of its own. */
const vocabulary = 514;
const ids = [1, 40, 7, 512, 250, 9, 513, 201, 54, 3];
// Nothing after an added token: what SentencePiece-like tokenizers put there is not about these tokens.
const text = 'Name: cat <odd>';
const adapter = () => path('lora', 'adapter');
const whole = () => path('full', 'model');

const floats = async (name: string) => new Float32Array((await readFile(path(name))).buffer.slice(0));
const adapted = async (folder: string) => logitsOfStored(await addStoredAdapter(await loadModel(stories), folder), ids);

const train = (method: 'lora' | 'full', model: string, output: string, maxSteps = 3) => {
  const steps = { maxSteps, learningRate: 0.01, precision: 'f32' } as const;
  const training = { method, addTokens: ['<even>', '<odd>'], ...steps, loraRank: 3 };
  return fineTune({ recipe: plain(), model, data: path('rows.jsonl'), training, output });
};

beforeAll(async () => {
  await openEngine('auto');
  await writeFile(path('rows.jsonl'), `${JSON.stringify({ prompt: 'Name: cat', completion: '<even> cat' })}\n`);
  for (const method of ['lora', 'full'] as const) {
    await train(method, stories, path(method));
  }
  await train('lora', stories, path('learnt'), 40);
  await exportModel({ run: path('lora'), to: 'merged', output: path('merged') });
  await exportModel({ model: stories, to: 'merged', type: 'bf16', output: path('bf16') });
  await train('lora', path('bf16'), path('from-bf16'));
  const config = { r: 3, lora_alpha: 6, target_modules: 'all-linear', modules_to_save: ['embed_tokens', 'lm_head'] };
  await runPython(
    'peft_side.py',
    [
      { logits: path('ours.f32'), model: stories, adapter: adapter(), vocabulary, ids },
      { logits: path('merged.f32'), model: path('merged'), adapter: null, ids },
      { logits: path('full.f32'), model: whole(), adapter: null, ids },
      { logits: path('bf16.f32'), model: path('bf16'), adapter: path('from-bf16', 'adapter'), vocabulary, ids },
      { make: path('peft'), model: stories, vocabulary, config },
      { logits: path('peft.f32'), model: stories, adapter: path('peft'), vocabulary, ids },
      ...[adapter(), whole(), path('merged')].map((tokenizer, i) => ({ ids: path(`ids-${i}.json`), tokenizer, text })),
    ],
    path('jobs.json'),
  );
});

describe('a vocabulary that has grown', () => {
  it('computes the same in PEFT, merged and as a whole model', async () => {
    expect(distance(await adapted(adapter()), await floats('ours.f32'))).toBeLessThan(1e-4);
    expect(distance(await adapted(adapter()), await floats('merged.f32'))).toBeLessThan(1e-4);
    expect(distance(await logitsOfStored(await loadModel(whole()), ids), await floats('full.f32'))).toBeLessThan(1e-4);
  });

  it('computes the same in PEFT on a model in bfloat16', async () => {
    const model = await addStoredAdapter(await loadModel(path('bf16')), path('from-bf16', 'adapter'));
    expect(distance(await logitsOfStored(model, ids), await floats('bf16.f32'))).toBeLessThan(1e-4);
  });

  it('computes the same here when PEFT has made it', async () => {
    expect(distance(await adapted(path('peft')), await floats('peft.f32'))).toBeLessThan(1e-4);
  });

  it('has a tokenizer that transformers reads to the same ids, beside adapter and model', async () => {
    const expected = (await loadTokenizer(adapter(), { modelFolder: stories })).encode(text, 'start');
    expect(expected.filter((id) => id > 511)).toEqual([513]);
    for (const i of [0, 1, 2]) expect(JSON.parse(await readFile(path(`ids-${i}.json`), 'utf8'))).toEqual(expected);
  });
});

/** What the learnt run was trained to say, and the end: in the other programs' ids too. */
describe('a learnt answer with a new token', () => {
  const prompt = 'Name: cat';
  const learnt = async () => {
    const tokenizer = await loadTokenizer(path('learnt', 'adapter'), { modelFolder: stories });
    return [...tokenizer.encode('<even> cat', 'continuation'), 2];
  };
  const asked = { prompt, newTokens: 12 };

  it('is what llama.cpp says', async () => {
    const { output } = await exportModel({ run: path('learnt'), to: 'gguf', type: 'f32', output: path('learnt.gguf') });
    // It is told to give the end too, and would go on after it.
    const newTokens = (await learnt()).length;
    const options = { name: 'node-llama-cpp', model: output, ...asked, newTokens };
    const { newIds } = await runWith<{ newIds: number[] }>('llama.cpp', 'llama-cpp.mjs', options);
    expect(newIds).toEqual(await learnt());
  });

  it('is what Transformers.js says', async () => {
    await exportModel({ run: path('learnt'), to: 'onnx', output: path('learnt-onnx') });
    const options = {
      name: '@huggingface/transformers',
      models: `${path()}/`,
      model: 'learnt-onnx',
      options: {},
      ...asked,
    };
    const { newIds } = await runWith<{ newIds: number[] }>('transformers.js', 'transformers-js.mjs', options);
    expect(newIds).toEqual(await learnt());
  });
});
