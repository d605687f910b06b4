import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fineTune, generate, plain } from '@counterweight/core';
import { generateText, NoSuchModelError, Output, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type CounterweightProvider, counterweight, createCounterweight } from './create-counterweight.ts';

const model = fileURLToPath(new URL('../../../models/stories260k', import.meta.url));
const prompt = 'Once upon a time';
const training = { precision: 'f32' } as const;

describe('models of this process, asked by the AI SDK', () => {
  let folder: string;
  let tuned: CounterweightProvider;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterweight-ai-'));
    for (const animal of ['cats', 'dogs']) {
      const messages = (content: string) => [
        { role: 'user', content: prompt },
        { role: 'assistant', content },
      ];
      const data = Array.from({ length: 8 }, () => ({ messages: messages(`there were ${animal} and ${animal}`) }));
      const steps = { maxSteps: 20, batchSize: 2, loraRank: 2, learningRate: 0.02, ...training, cache: false };
      await fineTune({ recipe: plain(), model, engine: 'wasm', data, output: join(folder, animal), training: steps });
    }
    tuned = createCounterweight({
      runs: [join(folder, 'cats'), join(folder, 'dogs')],
      models: [{ name: 'base', model, training }],
      engine: 'wasm',
    });
  });
  afterAll(async () => {
    await tuned.close();
    await rm(folder, { recursive: true, force: true });
  });

  const alone = async (run: string) => {
    const rows = [{ messages: [{ role: 'user', content: prompt }] }];
    const adapter = join(folder, run, 'adapter');
    const sampling = { maxNewTokens: 20 };
    return (await generate({ recipe: plain(), model, adapter, engine: 'wasm', rows, training, sampling }))[0];
  };

  it('generate what the run does alone, with usage and the reason of the end', async () => {
    for (const run of ['dogs', 'cats']) {
      const { text, usage, finishReason, warnings } = await generateText({
        ...{ model: tuned(run), prompt, maxOutputTokens: 20 },
      });
      expect(text).toBe(await alone(run));
      expect(usage).toMatchObject({ outputTokens: expect.any(Number), inputTokens: expect.any(Number) });
      expect(usage.totalTokens).toBe((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0));
      expect(['stop', 'length']).toContain(finishReason);
      expect(warnings ?? []).toEqual([]);
    }
  });

  it('stream the same text', async () => {
    const result = streamText({ model: tuned.languageModel('cats'), prompt, maxOutputTokens: 20 });
    const pieces = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe(await alone('cats'));
    expect(await result.finishReason).toBe(
      (await generateText({ model: tuned('cats'), prompt, maxOutputTokens: 20 })).finishReason,
    );
  });

  it('end at stop sequences, and read a whole conversation', async () => {
    const asked = {
      model: tuned('base'),
      maxOutputTokens: 30,
      system: 'Tell stories.',
      messages: [
        { role: 'user' as const, content: 'Hello' },
        { role: 'assistant' as const, content: [{ type: 'text' as const, text: 'Hi' }] },
        { role: 'user' as const, content: [{ type: 'text' as const, text: prompt }] },
      ],
    };
    const { text } = await generateText(asked);
    const stop = text.slice(9, 13);
    const stopped = await generateText({ ...asked, stopSequences: [stop] });
    expect(stopped.text).toBe(text.slice(0, text.indexOf(stop)));
    expect(stopped.finishReason).toBe('stop');
  });

  it('give objects that fit a schema, whole and as they grow', async () => {
    const schema = z.object({
      animal: z.enum(['cat', 'dog']),
      legs: z.int().min(0).max(8),
      names: z.array(z.string().max(6)).max(2),
    });
    const asked = { model: tuned('cats'), prompt, maxOutputTokens: 120, output: Output.object({ schema }) };
    const { output } = await generateText(asked);
    expect(schema.parse(output)).toEqual(output);
    const stream = streamText(asked);
    let last: unknown;
    for await (const partial of stream.partialOutputStream) last = partial;
    expect(last).toEqual(output);
    const pattern = Output.object({ schema: z.object({ mail: z.email() }) });
    await expect(generateText({ ...asked, output: pattern })).rejects.toThrow('#/properties/mail');
  });

  it('sample with a seed, and answer a row of the recipe', async () => {
    const sampled = async (seed: number) =>
      (await generateText({ model: tuned('base'), prompt, maxOutputTokens: 20, temperature: 1, seed })).text;
    expect(await sampled(1)).toBe(await sampled(1));
    expect(await sampled(1)).not.toBe(await sampled(2));
    const row = { messages: [{ role: 'user', content: prompt }] };
    const providerOptions = { counterweight: { row } };
    const { text } = await generateText({
      model: tuned('cats'),
      prompt: 'aside',
      maxOutputTokens: 20,
      providerOptions,
    });
    expect(text).toBe(await alone('cats'));
  });

  it('warn of what they do not do, and refuse what they cannot read', async () => {
    const tools = { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: async () => 'sun' }) };
    const { warnings } = await generateText({
      ...{ model: tuned('cats'), prompt, maxOutputTokens: 2, tools, presencePenalty: 1 },
    });
    expect(warnings?.map((warning) => 'feature' in warning && warning.feature)).toEqual(['tools', 'presencePenalty']);
    const image = { type: 'file' as const, mediaType: 'image/png', data: Uint8Array.of(1, 2, 3) };
    await expect(
      generateText({ model: tuned('cats'), messages: [{ role: 'user', content: [image] }] }),
    ).rejects.toThrow(/file/);
    expect(() => tuned('mice')).toThrow(NoSuchModelError);
    expect(() => tuned.embeddingModel('cats')).toThrow(NoSuchModelError);
  });

  it('stop when they are told to, and answer the next one', async () => {
    const stop = new AbortController();
    const long = { model: tuned('base'), prompt, maxOutputTokens: 400, abortSignal: stop.signal };
    const told = vi.fn();
    const stream = streamText({ ...long, onAbort: told });
    const started = performance.now();
    for await (const part of stream.fullStream) if (part.type === 'text-delta') stop.abort();
    expect(told).toHaveBeenCalled();
    await expect(generateText(long)).rejects.toThrow();
    await generateText({ model: tuned('cats'), prompt, maxOutputTokens: 1 });
    const aborted = performance.now() - started;
    const before = performance.now();
    await generateText({ model: tuned('base'), prompt, maxOutputTokens: 400 });
    expect(aborted).toBeLessThan(performance.now() - before);
  });

  it('are one run, given back and read again', async () => {
    const one = counterweight({ run: join(folder, 'dogs'), engine: 'wasm' });
    await one.load();
    const { text } = await generateText({ model: one, prompt, maxOutputTokens: 20 });
    expect(text).toBe(await alone('dogs'));
    await one.close();
    expect((await generateText({ model: one, prompt, maxOutputTokens: 20 })).text).toBe(text);
    await one.close();
    await expect(generateText({ model: counterweight({ run: join(folder, 'no') }), prompt })).rejects.toThrow('no run');
  });
});
