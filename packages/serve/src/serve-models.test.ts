import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fineTune, generate, type HeldModels, holdModels, modelOfRun, plain } from '@counterweight/core';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Serving, serveModels } from './serve-models.ts';

const model = fileURLToPath(new URL('../../../models/stories260k', import.meta.url));
const prompt = 'Once upon a time';
const training = { precision: 'f32' } as const;

describe('served models, asked by the openai client', () => {
  let folder: string;
  let held: HeldModels;
  let serving: Serving;
  let client: OpenAI;
  const failures: unknown[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterweight-serve-'));
    for (const animal of ['cats', 'dogs']) {
      const data = Array.from({ length: 8 }, () => ({ prompt, completion: ` there were ${animal} and ${animal}` }));
      const steps = { maxSteps: 20, batchSize: 2, loraRank: 2, learningRate: 0.02, ...training, cache: false };
      await fineTune({ recipe: plain(), model, engine: 'wasm', data, output: join(folder, animal), training: steps });
    }
    const runs = await Promise.all(['cats', 'dogs'].map((animal) => modelOfRun(join(folder, animal))));
    held = await holdModels({ engine: 'wasm', models: [{ name: 'org/base', model, training }, ...runs] });
    serving = await serveModels(held, { onError: (error) => failures.push(error) });
    client = new OpenAI({ baseURL: `${serving.address}/v1`, apiKey: 'none', maxRetries: 0 });
  });
  afterAll(async () => {
    await serving.close();
    await held.close();
    await rm(folder, { recursive: true, force: true });
    expect(failures).toEqual([]);
  });

  const alone = async (run?: string) => {
    const adapter = run === undefined ? undefined : join(folder, run, 'adapter');
    const options = { recipe: plain(), model, adapter, engine: 'wasm', rows: [{ prompt }], training } as const;
    return (await generate({ ...options, sampling: { maxNewTokens: 24 } }))[0];
  };
  const complete = async (name: string, more = {}) =>
    client.completions.create({ model: name, prompt, max_tokens: 24, ...more });
  const messages = [{ role: 'user' as const, content: 'Tell me of a cat.' }];

  it('are listed by their names, a name with a slash too', async () => {
    const names = [];
    for await (const { id } of client.models.list()) names.push(id);
    expect(names).toEqual(['org/base', 'cats', 'dogs']);
    expect(await client.models.retrieve('org/base')).toMatchObject({ id: 'org/base', object: 'model' });
  });

  it('complete a prompt greedily as generate does, each adapter on the one base as it does alone', async () => {
    for (const name of ['dogs', 'org/base', 'cats', 'dogs']) {
      const { choices, usage } = await complete(name);
      expect(choices[0]?.text).toBe(await alone(name === 'org/base' ? undefined : name));
      expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    }
  });

  it('chat, streamed as whole: the same text, role first, reason and usage last', async () => {
    const asked = { model: 'cats', messages, max_completion_tokens: 20, temperature: 0.9, seed: 5 };
    const whole = await client.chat.completions.create(asked);
    const stream = await client.chat.completions.create({
      ...{ ...asked, stream: true as const },
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
    expect(deltas[0]).toMatchObject({ role: 'assistant' });
    expect(deltas.map(({ content }) => content ?? '').join('')).toBe(whole.choices[0]?.message.content);
    expect(deltas.length).toBeGreaterThan(4);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe(whole.choices[0]?.finish_reason);
    expect(chunks.at(-1)?.usage).toEqual(whole.usage);
    expect(whole.choices[0]?.message.content).not.toBe('');
  });

  it('complete as a stream of texts', async () => {
    let text = '';
    for await (const { choices } of await client.completions.create({
      ...{ model: 'dogs', prompt, max_tokens: 24, stream: true },
    })) {
      text += choices[0]?.text ?? '';
    }
    expect(text).toBe((await complete('dogs')).choices[0]?.text);
  });

  it('end at stop strings, streamed or not', async () => {
    const whole = (await complete('org/base')).choices[0]?.text ?? '';
    const stop = whole.slice(12, 16);
    const { choices } = await complete('org/base', { stop: [stop, 'never'] });
    expect(choices[0]).toMatchObject({ text: whole.slice(0, whole.indexOf(stop)), finish_reason: 'stop' });
    expect((await complete('org/base', { max_tokens: 3 })).choices[0]?.finish_reason).toBe('length');
  });

  it('keep to a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { animal: { enum: ['cat', 'dog'] }, legs: { type: 'integer', minimum: 0, maximum: 8 } },
      required: ['animal', 'legs'],
      additionalProperties: false,
    };
    const ask = async (response_format: OpenAI.ChatCompletionCreateParams['response_format']) => {
      const asked = { model: 'cats', messages, max_completion_tokens: 80, ...(response_format && { response_format }) };
      return (await client.chat.completions.create(asked)).choices[0]?.message.content ?? '';
    };
    const parsed = JSON.parse(
      await ask({ type: 'json_schema', json_schema: { name: 'animal', schema, strict: true } }),
    );
    expect(['cat', 'dog']).toContain(parsed.animal);
    expect(parsed.legs).toBeGreaterThanOrEqual(0);
    expect(JSON.parse(await ask({ type: 'json_object' }))).toBeTypeOf('object');
    const pattern = { type: 'string', pattern: 'a+' };
    await expect(ask({ type: 'json_schema', json_schema: { name: 'a', schema: pattern } })).rejects.toThrow(
      '#/pattern',
    );
  });

  it('answer a row of the recipe, as generate does', async () => {
    const asked = { model: 'cats', messages: [], row: { prompt }, max_tokens: 24 };
    const { choices } = await client.chat.completions.create(asked as never);
    expect(choices[0]?.message.content).toBe(await alone('cats'));
  });

  it.each([
    [{ n: 2 }, 400, 'n', 'unsupported_parameter'],
    [{ logprobs: true }, 400, 'logprobs', 'unsupported_parameter'],
    [{ tools: [{ type: 'function', function: { name: 'f' } }] }, 400, 'tools', 'unsupported_parameter'],
    [{ temprature: 1 }, 400, 'temprature', 'unsupported_parameter'],
    [{ temperature: -1 }, 400, 'temperature', 'invalid_value'],
    [{ messages: [] }, 400, 'messages', null],
    [{ messages: [{ role: 'wizard', content: 'a' }] }, 400, null, 'option-invalid'],
    [{ messages: [{ role: 'user', content: 'cat '.repeat(700) }] }, 400, null, 'context_length_exceeded'],
    [{ model: 'mice' }, 404, 'model', 'model_not_found'],
  ])('refuse %j in the shape of OpenAI', async (change, status, param, code) => {
    for (const stream of [false, true]) {
      const asked = { model: 'cats', messages, stream, ...change };
      const error = await client.chat.completions.create(asked as never).catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(OpenAI.APIError);
      expect(error).toMatchObject({ status, param, code, type: 'invalid_request_error' });
    }
  });

  it('let fields be that ask for nothing', async () => {
    const asked = { n: 1, logprobs: false, presence_penalty: 0, tools: [], user: 'me', stop: null, max_tokens: 2 };
    const { choices } = await client.chat.completions.create({ model: 'cats', messages, ...asked } as never);
    expect(choices).toHaveLength(1);
  });

  it.each([true, false])('are free for the next one when a client leaves (streamed: %s)', async (stream) => {
    const leave = new AbortController();
    const options = { signal: leave.signal };
    const long = { model: 'org/base', prompt, max_tokens: 450 };
    const started = performance.now();
    const whole = stream ? undefined : client.completions.create(long, options);
    if (stream) {
      for await (const _ of await client.completions.create({ ...long, stream: true }, options)) break;
    }
    setTimeout(() => leave.abort(), 50);
    await whole?.catch(() => {});
    const waiting = new AbortController();
    const left = client.completions.create(long, { signal: waiting.signal });
    waiting.abort();
    await expect(left).rejects.toThrow();
    await complete('cats', { max_tokens: 1 });
    const seconds = (performance.now() - started) / 1000;
    const before = performance.now();
    await complete('org/base', { max_tokens: 450 });
    expect(seconds).toBeLessThan((performance.now() - before) / 1000);
  });

  it('answer nobody but this machine', async () => {
    const { port } = new URL(serving.address);
    const statusWith = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const asking = httpRequest({ host: '127.0.0.1', port, path: '/v1/models', headers }, ({ statusCode }) =>
          resolve(statusCode),
        );
        asking.on('error', reject).end();
      });
    expect(await statusWith({ host: `evil.example:${port}` })).toBe(403);
    expect(await statusWith({ host: `127.0.0.1.evil.example:${port}` })).toBe(403);
    expect(await statusWith({ origin: 'https://evil.example' })).toBe(403);
    expect(await statusWith({ origin: 'null' })).toBe(403);
    expect(await statusWith({ host: `localhost:${port}` })).toBe(200);
    expect(await statusWith({ origin: `http://localhost:${port}` })).toBe(200);
  });

  it('ask for the key where there is one, and answer at either base URL', async () => {
    const locked = await serveModels(held, { apiKey: 'secret' });
    const listing = (apiKey: string) => new OpenAI({ baseURL: locked.address, apiKey, maxRetries: 0 }).models.list();
    await expect(listing('wrong')).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect((await listing('secret')).data).toHaveLength(3);
    await locked.close();
  });

  it('end in order: what is being answered is told, and a port that is taken is said', async () => {
    const other = await serveModels(held);
    await expect(serveModels(held, { port: Number(new URL(other.address).port) })).rejects.toThrow('in use');
    const asking = new OpenAI({ baseURL: other.address, apiKey: 'none', maxRetries: 0 });
    const stream = await asking.completions.create({ model: 'org/base', prompt, max_tokens: 450, stream: true });
    const told = (async () => {
      for await (const _ of stream) if (_.choices[0]?.text) void other.close();
    })();
    await expect(told).rejects.toThrow(/closing|terminated|aborted/i);
  });
});
