import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { generate } from './generate.ts';
import { type HeldModels, holdModels } from './hold-models.ts';
import { modelOfRun } from './model-of-run.ts';
import { extendRecipe } from './recipe/extend-recipe.ts';
import { plain } from './recipe/plain.ts';
import { writeChatStories } from './test-support/chat-stories.ts';
import { model, newRun, path, type Row, tried } from './test-support/small-runs.ts';

const recipe = plain();
const prompt = 'Once upon a time';
const sampling = { maxNewTokens: 20 };
const inF32 = { precision: 'f32' } as const;
const alone = async (adapter?: string) =>
  (await generate({ recipe, model, adapter, engine: 'wasm', rows: [{ prompt }], sampling, training: inF32 }))[0];

describe('models that are held open', () => {
  const runs = { cats: '', dogs: '' };
  let held: HeldModels;
  let atFirst: number;
  let shared: number;
  beforeAll(async () => {
    for (const animal of ['cats', 'dogs'] as const) {
      runs[animal] = newRun();
      const completion = ` there were only ${animal}, ${animal} and ${animal}`;
      const rows = Array.from({ length: 12 }, () => ({ prompt, completion }));
      await writeFile(path(`${animal}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await tried({
        data: path(`${animal}.jsonl`),
        output: runs[animal],
        training: { maxSteps: 20, learningRate: 0.02 },
      });
    }
    const { numTensors, numDataBuffers } = tf.memory();
    [atFirst, shared] = [numTensors, numTensors - numDataBuffers];
    held = await holdModels({
      engine: 'wasm',
      models: [
        { name: 'base', model, training: inF32 },
        ...(await Promise.all(Object.entries(runs).map(([name, run]) => modelOfRun(run, { name })))),
      ],
    });
  });

  it('answer each as it does alone, in whatever order they are asked, with one base in memory', async () => {
    const before = tf.memory();
    expect(held.names).toEqual(['base', 'cats', 'dogs']);
    const expected = {
      base: await alone(),
      cats: await alone(join(runs.cats, 'adapter')),
      dogs: await alone(join(runs.dogs, 'adapter')),
    };
    expect(new Set(Object.values(expected)).size).toBe(3);
    for (const name of ['dogs', 'base', 'cats', 'dogs', 'cats', 'base'] as const) {
      const { text } = await held.get(name).answer({ prompt, ...sampling });
      expect(text).toBe(expected[name]);
    }
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    // Of the three models' parameters of the base, 32 each, two thirds are further handles of the same memory.
    expect(before.numTensors - before.numDataBuffers - shared).toBe(2 * 32);
  });

  it('count tokens, say why they ended, and write as they go', async () => {
    const pieces: string[] = [];
    const stream = held.get('base').stream({ prompt, maxNewTokens: 12 });
    for await (const piece of stream) pieces.push(piece);
    const answer = await stream.result;
    expect(pieces.join('')).toBe(answer.text);
    expect(pieces.length).toBeGreaterThan(3);
    expect(answer).toMatchObject({ finishReason: 'length', newTokens: 12, promptTokens: 5 });
    expect(await held.get('base').answer({ prompt, maxNewTokens: 12 })).toEqual(answer);
  });

  it('end where a stop string would begin, which is never shown', async () => {
    const { text } = await held.get('base').answer({ prompt, maxNewTokens: 40 });
    const stop = text.slice(10, 15);
    const pieces: string[] = [];
    const stopped = await held.get('base').answer({
      ...{ prompt, maxNewTokens: 40, stop: ['zebra', stop] },
      onText: (piece) => pieces.push(piece),
    });
    expect(stopped.text).toBe(text.slice(0, text.indexOf(stop)));
    expect(stopped.finishReason).toBe('stop');
    expect(pieces.join('')).toBe(stopped.text);
  });

  it('sample alike with the same seed', async () => {
    const sampled = (seed: number) => held.get('base').answer({ prompt, maxNewTokens: 20, temperature: 1, seed });
    expect(await sampled(3)).toEqual(await sampled(3));
    expect((await sampled(3)).text).not.toBe((await sampled(4)).text);
  });

  it('keep to a schema, and say where the limit brought them to the end', async () => {
    const object = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties) });
    const schema = object({ n: { type: 'integer' } });
    const whole = await held.get('cats').answer({ prompt, maxNewTokens: 200, schema });
    expect(JSON.parse(whole.text)).toEqual({ n: expect.any(Number) });
    expect(whole.finishReason).toBe('stop');
    const story = object({ story: { type: 'string' } });
    for (const maxNewTokens of [13, 30]) {
      const hurried = await held.get('base').answer({ prompt, maxNewTokens, schema: story });
      expect(JSON.parse(hurried.text)).toEqual({ story: expect.any(String) });
      expect(hurried).toMatchObject({ finishReason: 'length', newTokens: maxNewTokens });
    }
    await expect(held.get('cats').answer({ prompt, maxNewTokens: 4, schema })).rejects.toThrow('room for');
  });

  it('let the next one have its turn when a request is aborted, while it is answered or before', async () => {
    const stop = new AbortController();
    const endless = { prompt, maxNewTokens: 400, signal: stop.signal };
    const answered = held.get('base').answer({ ...endless, onText: () => stop.abort(new Error('enough')) });
    const waiting = held.get('cats').answer(endless);
    const after = held.get('base').answer({ prompt, maxNewTokens: 2 });
    await expect(answered).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    expect((await after).newTokens).toBe(2);
  });

  it('refuse what they cannot answer', async () => {
    expect(() => held.get('cat')).toThrow('Did you mean cats?');
    const base = held.get('base');
    await expect(base.answer({ messages: [] })).rejects.toMatchObject({ name: 'UserError' });
    await expect(base.answer({ messages: [{ role: 'assistant', content: 'Hi' }] })).rejects.toThrow(
      'nothing to answer',
    );
    await expect(base.answer({ prompt: 'cat '.repeat(600) })).rejects.toMatchObject({ code: 'example-too-long' });
    await expect(holdModels({ models: [] })).rejects.toThrow('no model');
    await expect(holdModels({ models: ['a', 'a'].map((name) => ({ name, model })) })).rejects.toThrow('called "a"');
  });

  it('leave nothing behind when they are closed', async () => {
    await held.close();
    expect(tf.memory().numTensors).toBe(atFirst);
    expect(() => held.get('base')).toThrow('closed');
  });
});

describe('a conversation', () => {
  const messages = [{ role: 'user', content: 'Who was there?' }];

  it('is written by the chat template, as it was in training', async () => {
    const chat = await writeChatStories(path('chat'));
    const held = await holdModels({ engine: 'wasm', models: [{ name: 'chat', model: chat, training: inF32 }] });
    const { text } = await held.get('chat').answer({ messages, ...sampling });
    const rows = [{ messages }];
    expect([text]).toEqual(await generate({ recipe, model: chat, engine: 'wasm', rows, sampling, training: inF32 }));
    expect(held.get('chat').hasChatTemplate).toBe(true);
    await held.close();
  });

  it("without one is written in the recipe's layout, and a row of the recipe is its prompt and its answers", async () => {
    const turn = (before: string) => ({ before, after: '\n' });
    const layout = { system: turn(''), user: turn('Q: '), assistant: turn('A: '), tool: turn('') };
    const own = extendRecipe(plain(), { layout, answers: { texts: ['nobody', 'Tim'] } });
    const models = [{ name: 'own', model, training: inF32, recipe: own as never }];
    const held = await holdModels({ engine: 'wasm', models });
    const { text } = await held.get('own').answer({ messages, ...sampling });
    expect(text).toBe((await held.get('own').answer({ prompt: 'Q: Who was there?\nA: ', ...sampling })).text);
    const row = { prompt: 'Who was there?' };
    const answered = await held.get('own').answer({ row });
    const rows = [row as Row];
    expect([answered.text]).toEqual(await generate({ recipe: own, model, engine: 'wasm', rows, training: inF32 }));
    expect(['nobody', 'Tim']).toContain(answered.text);
    await held.close();
  });
});

describe('what is held of a run', () => {
  it('is its whole model, where every weight was trained', async () => {
    const { output } = await tried({ training: { method: 'full', maxSteps: 2 } });
    const whole = await modelOfRun(output, { name: 'whole' });
    expect(whole).toMatchObject({ name: 'whole', model: join(output, 'model'), training: { precision: 'f32' } });
    const held = await holdModels({ engine: 'wasm', models: [whole] });
    const { text } = await held.get('whole').answer({ prompt, ...sampling });
    await held.close();
    const options = { recipe, model: join(output, 'model'), engine: 'wasm', rows: [{ prompt }] } as const;
    expect([text]).toEqual(await generate({ ...options, sampling }));
  });

  it('lies in blocks where the run had it so', async () => {
    const { output } = await tried({ training: { quantize: 'int8', maxSteps: 4, learningRate: 0.05 } });
    const own = await modelOfRun(output);
    expect(own.training).toMatchObject({ quantize: 'int8', format: 'plain' });
    const held = await holdModels({ engine: 'wasm', models: [own, { ...own, name: 'base', adapter: undefined }] });
    const texts = [];
    for (const name of held.names) texts.push((await held.get(name).answer({ prompt, ...sampling })).text);
    await held.close();
    for (const [i, adapter] of [join(output, 'adapter'), undefined].entries()) {
      const options = { recipe, model, adapter, engine: 'wasm', rows: [{ prompt }], sampling } as const;
      expect([texts[i]]).toEqual(await generate({ ...options, training: { ...inF32, quantize: 'int8' } }));
    }
  });

  it('needs the recipe whose layout it was trained in, and a result', async () => {
    const { output } = await tried({ training: { maxSteps: 2 } });
    const findRecipe = () => Promise.reject(new Error('the recipe is gone'));
    await expect(modelOfRun(output, { findRecipe })).rejects.toThrow('gone');
    await rm(join(output, 'adapter'), { recursive: true });
    await expect(modelOfRun(output)).rejects.toThrow('not in its folder any more');
    await expect(modelOfRun(path('nowhere'))).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
