import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { fineTune } from '../fine-tune.ts';
import { planSweep, workSweep } from '../sweep.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { model, newRun, path, type Row } from '../test-support/small-runs.ts';
import { optionsOf, outcomeOf, swept } from '../test-support/small-sweeps.ts';
import type { SweepEvent } from './events.ts';
import type { SweepOptions } from './options.ts';
import type { TrialRow } from './trial-folder.ts';

const ratio = { generationRatio: expect.any(Number) };
/** Hash of the weights that a run has saved. */
const modelIn = (run: string, method: 'lora' | 'full') =>
  createHash('sha256')
    .update(
      readFileSync(join(run, method === 'lora' ? 'adapter/adapter_model.safetensors' : 'model/model.safetensors')),
    )
    .digest('hex');

const trialsOf = (sweep: string): string[] => readdirSync(join(sweep, 'trials')).sort();
/** Everything that a sweep says, but when and how fast it said it. */
const hashesOf = (sweep: string) =>
  trialsOf(sweep).map((id) =>
    ['outcome.json', 'predictions.jsonl', 'evaluations.jsonl'].map((name) =>
      createHash('sha256')
        .update(readFileSync(join(sweep, 'trials', id, name)))
        .digest('hex'),
    ),
  );

describe('a sweep', { timeout: 60_000 }, () => {
  it('measures every trial on the same rows, of which some choose and others report', async () => {
    const { planned, result, outcomes, output } = await swept(optionsOf({ seeds: 2 }));
    expect([planned.trials, planned.steps, planned.plan.rows]).toEqual([
      4,
      16,
      { ...ratio, train: 18, validation: 6, test: 6 },
    ]);
    expect(result).toEqual({ done: 4, failed: [] });
    expect(outcomes.map(({ trial }) => [trial.seed, trial.settings.promptLossWeight])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    for (const { outcomes: test, validation, promptShare, layers, path: way, trial } of outcomes) {
      expect(Object.keys(test).sort()).toEqual(
        ['completionLoss', 'cutShare', 'distanceL1', 'distanceL2', 'distanceRelative', 'gap', 'klBase', 'lossDeviation']
          .concat(['neutralLoss', 'outputLength', 'overlap', 'promptLoss', 'score', 'sensitivity'])
          .filter((name) => name in test || name !== 'lossDeviation'),
      );
      expect(validation.completionLoss).not.toBe(test.completionLoss);
      expect(promptShare > 0).toBe(trial.settings.promptLossWeight === 1);
      expect(Object.keys(layers)).toEqual(['layers.0', 'layers.1', 'layers.2', 'layers.3', 'layers.4']);
      expect(way.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
      expect(way[0]?.distanceL2).toBe(0);
    }
    // What nothing was trained on before the first step is the same for all.
    expect(new Set(outcomes.map(({ path: way }) => way[0]?.validationLoss)).size).toBe(1);
    const rows = trialsOf(output).map((id) =>
      readFileSync(join(output, 'trials', id, 'predictions.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    );
    const numbers = rows.map((lines) => lines.map((line) => (JSON.parse(line) as TrialRow).row));
    for (const own of numbers) expect(own).toEqual(numbers[0]);
    const mean = (lines: string[], name: string) =>
      lines.reduce((sum, line) => sum + ((JSON.parse(line) as TrialRow).scores[name] as number), 0) / lines.length;
    for (const [i, id] of trialsOf(output).entries()) {
      // Rows of one length: the mean of their means is the mean over tokens.
      expect(mean(rows[i] as string[], 'completionLoss')).toBeCloseTo(
        outcomeOf(output, id).outcomes.completionLoss as number,
        1,
      );
    }
  });

  // An engine may train in the memory that a run begins with: whoever kept it would find it trained.
  it.for([
    ['wasm', 'lora', undefined],
    ['native', 'lora', undefined],
    ['native', 'full', undefined],
    ['tfjs-node', 'full', undefined],
    ['wasm', 'lora', 'int8'],
    ['native', 'lora', 'int4'],
  ] as const)(
    'trains what `fineTune` trains, to the bit, also as a later trial of a model that is read once: %s, %s, base in %s',
    async ([engine, method, quantize], { skip }) => {
      skip(!(await enginesToTest()).includes(engine), 'this engine is not here');
      const given = { method, evaluateLossesOnly: true, ...(quantize && { quantize }) };
      const options = optionsOf({ engine, keepModels: true, seeds: 2, training: given });
      const { output, outcomes } = await swept(options);
      for (const { trial } of outcomes.slice(1)) {
        const { recipe, data, evalSplit } = options;
        const settings = { ...options.training, ...trial.settings, seed: trial.seed };
        const alone = await fineTune({
          recipe,
          model,
          engine,
          data,
          evalSplit,
          output: newRun(),
          training: settings,
        });
        const [own, others] = [join(output, 'trials', trial.id), alone.run].map((run) => modelIn(run, method));
        expect(own).toBe(others);
      }
    },
  );

  it('that is ended and begun again does what is left, nothing twice, and comes to the same', async () => {
    const whole = await swept(optionsOf({ seeds: 2 }));
    const options = optionsOf({ seeds: 2 });
    const stop = new AbortController();
    const reason = new Error('stop');
    let steps = 0;
    await planSweep(options);
    const onEvent = ({ type }: SweepEvent) => type === 'trial-step' && ++steps === 6 && stop.abort(reason);
    await expect(workSweep({ ...options, signal: stop.signal, onEvent })).rejects.toBe(reason);
    const { result, events } = await swept(options);
    expect(result.done).toBe(4);
    expect(events.filter(({ type }) => type === 'trial-done').length).toBe(3);
    expect(hashesOf(options.output)).toEqual(hashesOf(whole.output));
    // And once more: nothing is left.
    expect((await swept(options)).events).toEqual([]);
  });

  it('leaves no tensor behind', async () => {
    await swept(optionsOf({ weights: [0] }));
    const before = tf.memory().numTensors;
    await swept(optionsOf());
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps its folder to itself, and takes more seeds', async () => {
    const options = optionsOf({ weights: [0] });
    const { output } = await swept(options);
    const [first] = trialsOf(output);
    const other = { ...options, training: { ...options.training, maxSteps: 5 } };
    await expect(planSweep(other)).rejects.toThrow('The folder holds another sweep: its options of training differ');
    const more = await swept({ ...options, seeds: 2 });
    expect(more.events.filter(({ type }) => type === 'trial-done').length).toBe(1);
    expect(trialsOf(output)).toContain(first);
  });

  it('is not gone on with over other rows', async () => {
    const options = optionsOf({ weights: [0] });
    await planSweep(options);
    await expect(workSweep({ ...options, data: path('rows.jsonl') })).rejects.toThrow('The data here is not what');
    rmSync(options.output, { recursive: true });
    await expect(workSweep(options)).rejects.toThrow('There is no sweep here');
  });

  it.each([
    [{ weights: [0.1, 1] }, 'Weight 0 is not among the weights'],
    [{ seeds: 0 }, '0 is no number of seeds'],
    [{ evalSplit: 0.05 }, 'too few to choose'],
    [{ training: { promptLossFraction: 0.3 } }, 'another way to say it'],
    [{ training: { promptLossWeight: 0.3 } }, 'varied too'],
    [{ weight: [0] }, 'Did you mean weights?'],
    [{ vary: { promptLossWeight: [0, 1] } }, 'is varied in any case'],
    [{ vary: { learningRate: [1] }, tune: 'learningRate' as const }, 'varied and tuned'],
  ])('says what is wrong with its options before it begins: %o', async (options, problem) => {
    const output = newRun();
    await expect(planSweep(optionsOf({ ...options, output } as Partial<SweepOptions<Row>>))).rejects.toThrow(problem);
    expect(existsSync(output)).toBe(false);
  });
});
