import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { exportModel } from './export-model.ts';
import { fineTune } from './fine-tune.ts';
import { generate } from './generate.ts';
import { plain } from './recipe/plain.ts';
import { enginesToTest, enginesWithKernels } from './test-support/engines.ts';
import { model, newRun, path } from './test-support/small-runs.ts';
import type { TrainingEvent } from './training/events.ts';
import { verify } from './verify.ts';

const engines = await enginesWithKernels();
const rows = Array.from({ length: 8 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
const common = { recipe: plain(), model };
/** Not `auto`, which may choose bf16: a merged model would be rounded to it. */
const precision = 'f32';
const training = { precision, maxSteps: 4, batchSize: 2, loraRank: 2, learningRate: 0.01, cache: false } as const;
const json = (...parts: string[]) => JSON.parse(readFileSync(join(...parts), 'utf8')) as Record<string, unknown>;
const cases = engines.flatMap((engine) => (['int8', 'int4'] as const).map((quantize) => ({ engine, quantize })));

describe.each(cases)('a base in $quantize ($engine)', ({ engine, quantize }) => {
  const given = { ...common, engine };

  it('is trained on, described, resumed, evaluated, written from and merged', async () => {
    const events: TrainingEvent[] = [];
    const settings = { ...training, quantize };
    const { run } = await fineTune({
      ...given,
      data: rows,
      output: newRun(),
      training: settings,
      onEvent: (event) => events.push(event),
    });
    const type = quantize === 'int8' ? 'q8_0' : 'q4_0';
    // Seven layers in each of five blocks; the table, tied to the head, stays as it is.
    const kept = [{ stored: 'F32', kept: type, tensors: 35 }];
    expect(json(run, 'run.json')).toMatchObject({ training: { quantize }, model: { blocks: kept } });
    expect(events.find((event) => event.type === 'start')).toMatchObject({ blocks: kept });
    const adapter = join(run, 'adapter');
    const marked = { base_model_quantization: { quantize, embeddings: false } };
    expect(json(adapter, 'adapter_config.json')).toMatchObject(marked);
    expect(readFileSync(join(adapter, 'README.md'), 'utf8')).toContain(`--quantize ${quantize}\`), as ${type}`);

    const { run: stopped } = await stopAfter(2, settings, given);
    await fineTune({ ...given, data: rows, output: stopped, resume: true, training: settings });
    const weights = (folder: string) => readFile(join(folder, 'adapter', 'adapter_model.safetensors'));
    expect((await weights(stopped)).equals(await weights(run))).toBe(true);

    // An adapter is used with the weights that it was trained on.
    const held = rows.slice(0, 3);
    const sampling = { maxNewTokens: 4 };
    const own = await evaluate({ ...given, adapter, data: held, sampling, training: { precision } });
    const named = await evaluate({ ...given, adapter, data: held, sampling, training: { precision, quantize } });
    const original = await evaluate({
      ...given,
      adapter,
      data: held,
      sampling,
      training: { precision, quantize: 'none' },
    });
    expect(own.completionLoss).toBe(named.completionLoss);
    expect(own.completionLoss).not.toBe(original.completionLoss);
    const { output, dequantized } = await exportModel({
      run,
      to: 'merged',
      output: path(`merged-${engine}-${quantize}`),
    });
    expect(dequantized).toBe(quantize);
    const { output: gguf } = await exportModel({
      run,
      to: 'gguf-adapter',
      output: path(`adapter-${engine}-${quantize}`),
    });
    expect(readFileSync(join(gguf, 'Modelfile'), 'utf8')).toMatch(`# Trained on this base in ${quantize}.\nFROM `);
    const merged = await evaluate({ ...given, model: output, data: held, sampling, training: { precision } });
    expect(Math.abs((merged.completionLoss ?? 0) - (own.completionLoss ?? 1))).toBeLessThan(1e-4);
    const texts = await generate({ ...given, adapter, rows: held, sampling, training: { precision } });
    expect(await generate({ ...given, model: output, rows: held, sampling, training: { precision } })).toEqual(texts);
  }, 120_000);

  it('is what the options promise', async () => {
    const { checks } = await verify({ ...given, data: rows, training: { ...training, quantize } });
    expect(checks.filter(({ pass }) => pass === false)).toEqual([]);
    expect(checks.filter(({ name, pass }) => ['merged', 'export', 'resume'].includes(name) && pass)).toHaveLength(3);
  }, 120_000);
});

/** A run that is interrupted after so many steps, with a checkpoint of each. */
async function stopAfter(steps: number, settings: object, given: object): Promise<{ run: string }> {
  const run = newRun();
  const stop = new AbortController();
  const options = { ...given, data: rows, output: run, signal: stop.signal } as unknown as Parameters<
    typeof fineTune
  >[0];
  const stopping = fineTune({
    ...options,
    training: { ...settings, checkpointEvery: 1 },
    onEvent: (event) => {
      if (event.type === 'step' && event.metrics.step === steps) stop.abort(new Error('enough'));
    },
  });
  await expect(stopping).rejects.toThrow('enough');
  expect(existsSync(join(run, 'adapter'))).toBe(false);
  return { run };
}

it('may have its table of embeddings quantised too, and none of what is trained', async () => {
  const tables = { ...training, quantize: 'int8', quantizeEmbeddings: true } as const;
  const given = { ...common, engine: 'wasm', data: rows } as const;
  const { run } = await fineTune({ ...given, output: newRun(), training: tables });
  expect(json(run, 'run.json')).toMatchObject({ model: { blocks: [{ stored: 'F32', kept: 'q8_0', tensors: 36 }] } });
  const whole = { ...tables, modulesToSave: ['embed_tokens'] };
  const { run: second } = await fineTune({ ...given, output: newRun(), training: whole });
  expect(json(second, 'run.json')).toMatchObject({ model: { blocks: [{ stored: 'F32', kept: 'q8_0', tensors: 35 }] } });
  const full = fineTune({ ...given, output: newRun(), training: { method: 'full', quantize: 'int8' } });
  await expect(full).rejects.toMatchObject({ code: 'option-invalid', where: 'options quantize and method' });
  const alone = fineTune({ ...given, output: newRun(), training: { quantizeEmbeddings: true } });
  await expect(alone).rejects.toMatchObject({ where: 'options quantizeEmbeddings and quantize' });
}, 60_000);

it.skipIf(!(await enginesToTest()).includes('tfjs-node'))('is refused by an engine that has none', async () => {
  const running = fineTune({
    ...common,
    engine: 'tfjs-node',
    data: rows,
    output: newRun(),
    training: { ...training, quantize: 'int4' },
  });
  await expect(running).rejects.toMatchObject({ code: 'engine-unavailable', where: 'option quantize' });
});
