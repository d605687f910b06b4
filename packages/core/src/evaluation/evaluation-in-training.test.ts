import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { evaluate } from '../evaluate.ts';
import { fineTune } from '../fine-tune.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import { currentEngine } from '../tensor/engine.ts';
import { enginesToTest, skipWithoutBfloat16 } from '../test-support/engines.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import type { TrainingEvent } from '../training/events.ts';
import type { TrainingOptionsInput } from '../training/options.ts';

const model = new URL('../../../../models/stories260k', import.meta.url).pathname;
const recipe = extendRecipe(plain(), { defaults: { maxNewTokens: 3 } });
const words = ['cat', 'dog', 'sun', 'tree', 'ball', 'mum', 'park', 'bird'];
const rows = (from: number): PlainRow[] =>
  words.map((word, i) => ({ prompt: `The ${word} and the`, completion: ` ${words[(i + from) % words.length]}` }));

describe.each(await enginesToTest())('evaluation in training on %s', (engine) => {
  const path = temporaryFolder();
  const files = { data: '', evalData: '' };
  beforeAll(async () => {
    for (const [name, from] of [
      ['data', 1],
      ['evalData', 2],
    ] as const) {
      files[name] = path(`${name}.jsonl`);
      await writeFile(
        files[name],
        rows(from)
          .map((row) => `${JSON.stringify(row)}\n`)
          .join(''),
      );
    }
  });
  const small = { batchSize: 4, epochs: 3, loraRank: 2 };
  const options = { ...small, precision: 'f32', cache: false, learningRate: 1e-3, seed: 3 } as const;
  const train = async (name: string, training: TrainingOptionsInput, held = true) => {
    const events: TrainingEvent[] = [];
    const output = path(name);
    const { evaluation } = await fineTune({
      recipe,
      model,
      engine,
      data: files.data,
      ...(held ? { evalData: files.evalData } : {}),
      output,
      training: { ...options, ...training },
      onEvent: (event) => void events.push(event),
    });
    const evaluated = events.flatMap((event) => (event.type === 'evaluation' ? [event.step] : []));
    return { output, evaluation, evaluated };
  };
  const weights = async (run: string, method: 'lora' | 'full') =>
    readFile(join(run, method === 'lora' ? 'adapter/adapter_model.safetensors' : 'model/model.safetensors'));
  const losses = async (run: string) =>
    (await readFile(join(run, 'metrics.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).loss);

  it.each(['lora', 'full'] as const)('changes nothing of what is learnt: %s', async (method) => {
    const without = await train(`${method}-without`, { method }, false);
    const often = await train(`${method}-often`, { method, evaluateEvery: 1 });
    expect(without.evaluated).toEqual([]);
    expect(often.evaluated).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await losses(often.output)).toEqual(await losses(without.output));
    expect((await weights(often.output, method)).equals(await weights(without.output, method))).toBe(true);
  });

  it('comes when it is asked for, and keeps what was generated each time', async () => {
    const predictionsOf = async (run: string) => (await readdir(run)).filter((name) => name.startsWith('predictions'));
    const every = await train('every', { evaluateEvery: 4, evaluateAtStart: false });
    expect(every.evaluated).toEqual([4, 6]);
    expect(await predictionsOf(every.output)).toEqual(['predictions-000004.jsonl', 'predictions-000006.jsonl']);
    const atStart = await train('at-start', { maxEvalRows: 3 });
    expect(atStart.evaluated).toEqual([0, 6]);
    expect(atStart.evaluation?.rows).toBe(3);
    const [first] = (await readFile(join(atStart.output, 'predictions-000000.jsonl'), 'utf8')).trim().split('\n');
    expect(JSON.parse(first as string)).toMatchObject({
      prompt: expect.stringMatching(/^The /),
      cut: expect.any(Boolean),
    });
    const losses = await train('losses', { evaluateLossesOnly: true });
    expect(losses.evaluation).toMatchObject({ rows: 8, metrics: {} });
    expect(await predictionsOf(losses.output)).toEqual([]);
  });

  it.for(['f32', 'bf16'] as const)('is what evaluate measures afterwards, in %s', async (precision, context) => {
    await openEngine(engine);
    skipWithoutBfloat16(context, precision);
    const { output, evaluation } = await train(`measured-${precision}`, { precision });
    const predictions = path(`after-${precision}.jsonl`);
    const again = await evaluate({
      recipe,
      model,
      engine,
      adapter: join(output, 'adapter'),
      data: files.evalData,
      training: { cache: false, precision },
      predictions,
    });
    expect(again.completionLoss).toBeCloseTo(evaluation?.completionLoss as number, 5);
    expect({ ...again, ...evaluation }).toEqual(evaluation);
    expect(await readFile(predictions, 'utf8')).toBe(await readFile(join(output, 'predictions-000006.jsonl'), 'utf8'));
  });

  it('measures the same whatever the packing, and nearly the same in bf16', async (ctx) => {
    const fixed = { cache: false, precision: 'f32' } as const;
    const measured = (training: TrainingOptionsInput) =>
      evaluate({ recipe, model, engine, data: path('evalData.jsonl'), training: { ...fixed, ...training } });
    const padded = await measured({});
    expect(await measured({ packing: 'examples' })).toEqual(padded);
    expect(await measured({ packing: 'shared-prefix' })).toEqual(padded);
    if (!currentEngine().fusedKernels) ctx.skip();
    const rounded = await measured({ precision: 'bf16' });
    expect(rounded.completionLoss).not.toBe(padded.completionLoss);
    expect((rounded.completionLoss as number) / (padded.completionLoss as number)).toBeCloseTo(1, 1);
  });
});
