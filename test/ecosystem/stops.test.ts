import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../packages/core/src/export-model.ts';
import { fineTune, generate, loadTokenizer, plain } from '../../packages/core/src/index.ts';
import { IM_END, writeChatStories } from '../../packages/core/src/test-support/chat-stories.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { runPython, runWith } from './tools.ts';

/** What is exported stops where ours stops: a chat model whose own settings name another end than its template's turns have. */
const path = temporaryFolder();
const question = [{ role: 'user', content: 'Who is Lily?' }];
const answer = 'A girl.';
const prompt = '<|im_start|>user\nWho is Lily?<|im_end|>\n<|im_start|>assistant\n';
/** Many more than the answer needs. */
const newTokens = 60;

interface Told {
  readonly promptIds: number[];
  readonly newIds: number[];
}

let model: string;
/** The answer's ids, by the tokenizer, and its end. */
let expected: number[];

beforeAll(async () => {
  model = await writeChatStories(path('base'));
  const row = { messages: [...question, { role: 'assistant', content: answer }] };
  await writeFile(path('rows.jsonl'), `${JSON.stringify(row)}\n`.repeat(8));
  const steps = { learningRate: 0.003, maxSteps: 40, batchSize: 4 };
  const training = { method: 'full', precision: 'f32', ...steps } as const;
  await fineTune({ recipe: plain(), model, data: path('rows.jsonl'), training, output: path('full') });
  // The table too: the base model has hardly ever written the token that ends a turn.
  const lora = { ...training, method: 'lora' as const, learningRate: 0.01, modulesToSave: ['embed_tokens'] };
  await fineTune({ recipe: plain(), model, data: path('rows.jsonl'), training: lora, output: path('lora') });
  expected = [...(await loadTokenizer(model)).encode(answer, 'continuation'), IM_END];
});

describe.each(['full', 'lora'] as const)('a chat model, trained with method %s', (method) => {
  const run = () => path(method);
  const exported = async (to: 'merged' | 'onnx' | 'gguf') => {
    const output = path(`${method}-${to}${to === 'gguf' ? '.gguf' : ''}`);
    return (await exportModel({ run: run(), to, ...(to === 'gguf' ? { type: 'f32' } : {}), output })).output;
  };
  const ofTransformers = async (folder: string) => {
    const told = path(`${method}-told.json`);
    await runPython('peft_side.py', [{ told, model: folder, messages: question, new: newTokens }], path('jobs.json'));
    return JSON.parse(await readFile(told, 'utf8')) as Told;
  };

  it('ends its answer here', async () => {
    const trained = method === 'full' ? { model: join(run(), 'model') } : { model, adapter: join(run(), 'adapter') };
    const rows = [{ messages: question }];
    const sampling = { maxNewTokens: newTokens };
    const training = { precision: 'f32' } as const;
    expect(await generate({ recipe: plain(), ...trained, rows, sampling, training })).toEqual([answer]);
  });

  it('ends it in transformers, as the result of the run and merged', async () => {
    if (method === 'full') expect((await ofTransformers(join(run(), 'model'))).newIds).toEqual(expected);
    expect((await ofTransformers(await exported('merged'))).newIds).toEqual(expected);
  });

  it('ends it in Transformers.js', async () => {
    const output = await exported('onnx');
    // The prompt is given as it is, special tokens and all.
    const options = { name: '@huggingface/transformers', models: `${path()}/`, model: output.slice(path().length + 1) };
    const asked = { ...options, options: {}, prompt, newTokens };
    const { newIds } = await runWith<Told>('transformers.js', 'transformers-js.mjs', asked);
    expect(newIds).toEqual(expected);
  });

  it('ends it in llama.cpp', async () => {
    const options = { name: 'node-llama-cpp', model: await exported('gguf'), prompt, newTokens };
    const asked = { ...options, special: true, stop: true };
    const { newIds } = await runWith<Told>('llama.cpp', 'llama-cpp.mjs', asked);
    expect(newIds).toEqual(expected.slice(0, -1));
  });
});

it('llama.cpp cuts texts as a tokenizer that is exported does', async () => {
  const texts = [
    'Hello world',
    ' lead',
    'a  b   c',
    'a<|im_end|>b',
    '<|im_start|> x',
    'é e\u0301 ﬁ',
    '½²Ⅷ',
    '\n\n',
    '▁ ▁',
  ];
  const { output } = await exportModel({ model, to: 'gguf', type: 'f32', output: path('base.gguf') });
  const asked = { name: 'node-llama-cpp', model: output, texts };
  const { ids } = await runWith<{ ids: number[][] }>('llama.cpp', 'llama-cpp-ids.mjs', asked);
  const jobs = texts.map((text, i) => ({ ids: path(`ids-${i}.json`), tokenizer: model, text }));
  await runPython('peft_side.py', jobs, path('jobs.json'));
  const theirs = await Promise.all(jobs.map(async (job) => JSON.parse(await readFile(job.ids, 'utf8')) as number[]));
  expect(ids).toEqual(theirs);
});
