import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSafetensors } from './checkpoint/safetensors/safetensors.ts';
import { type FineTuneResult, fineTune } from './fine-tune.ts';
import { plain } from './recipe/plain.ts';
import { temporaryFolder } from './test-support/folder.ts';
import type { StepMetrics, TrainingEvent } from './training/events.ts';
import type { TrainingOptionsInput } from './training/options.ts';

/** What steps decide and do, seen from the run folder. */

const model = new URL('../../../models/stories260k', import.meta.url).pathname;
const path = temporaryFolder();
let runs = 0;
const newRun = () => path(`run-${runs++}`);

beforeAll(async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  await writeFile(path('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

interface Made {
  readonly output: string;
  readonly events: readonly TrainingEvent[];
  readonly result: FineTuneResult | undefined;
  readonly error: (Error & { code?: string; where?: string }) | undefined;
}

const settings = { maxSteps: 6, batchSize: 2, loraRank: 2, learningRate: 0.01, evaluateLossesOnly: true, cache: false };

/** A run of six steps, on nine rows and three held out where it is evaluated. */
async function train(
  training: TrainingOptionsInput,
  { output = newRun(), resume = false, stopAfter = 0, evaluated = true } = {},
): Promise<Made> {
  const events: TrainingEvent[] = [];
  const stop = new AbortController();
  const running = fineTune({
    recipe: plain(),
    model,
    engine: 'wasm',
    data: path('rows.jsonl'),
    ...(evaluated && { evalSplit: 0.25 }),
    ...{ output, resume, training: { ...settings, ...training }, signal: stop.signal },
    onEvent(event) {
      events.push(event);
      if (event.type === 'step' && event.metrics.step === stopAfter) stop.abort(new Error('stop'));
    },
  });
  return running.then(
    (result) => ({ output, events, result, error: undefined }),
    (error: Error) => ({ output, events, result: undefined, error }),
  );
}

const linesOf = <Line>(output: string, file: string): Line[] =>
  (existsSync(join(output, file)) ? readFileSync(join(output, file), 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
/** What a step computed, whatever time it took. */
const computedBy = (output: string) =>
  linesOf<StepMetrics>(output, 'metrics.jsonl').map(({ step, loss, gradientNorm, learningRate, skipped }) => {
    return { step, loss, gradientNorm, learningRate, skipped };
  });
const weightsOf = (output: string) =>
  readFileSync(join(output, 'adapter/adapter_model.safetensors')).toString('base64');

describe('a run that diverges', () => {
  it.each([
    { name: 'adapters', training: { learningRate: 1e38 } },
    { name: 'every weight', training: { method: 'full', learningRate: 1e6, maxSteps: 20, epochs: 10 } },
  ] as const)('ends before anything that is not finite is saved: $name', async ({ training }) => {
    const { error, output, result } = await train({ ...training, checkpointEvery: 1 }, { evaluated: false });
    expect(result).toBeUndefined();
    expect(error?.code).toBe('training-diverged');
    expect(error?.where).toMatch(/rows\.jsonl, rows \d+, \d+; step \d+, learning rate \d/);
    expect(existsSync(join(output, 'model'))).toBe(false);
    expect(existsSync(join(output, 'adapter'))).toBe(false);
    const checkpoints = existsSync(join(output, 'checkpoints')) ? readdirSync(join(output, 'checkpoints')) : [];
    const done = linesOf<StepMetrics>(output, 'metrics.jsonl');
    expect(done.every(({ loss, gradientNorm }) => loss !== null && gradientNorm !== null)).toBe(true);
    expect(checkpoints.filter((name) => name.startsWith('step-')).length).toBe(Math.min(2, done.length));
    const last = checkpoints
      .filter((name) => name.startsWith('step-'))
      .sort()
      .at(-1);
    if (last !== undefined) {
      expect(error?.where).toContain(last);
      const file = await openSafetensors(join(output, 'checkpoints', last, 'state.safetensors'));
      for (const name of ['vector', 'mean', 'variance']) {
        expect((await file.read(name)).every(Number.isFinite), name).toBe(true);
      }
      await file.close();
    }
  });

  it('goes on where its steps are skipped, counts them, says what did not move, and has a report', async () => {
    const skipping = { learningRate: 1e38, onNonFinite: 'skip', schedule: 'constant' } as const;
    const { output, result, error, events } = await train(skipping, { evaluated: false });
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ steps: 6, skippedSteps: 6, frozenMoved: [] });
    expect(computedBy(output).every(({ skipped }) => skipped === true)).toBe(true);
    expect(result?.unmoved).toContain('model.layers.0.self_attn.qkv_proj.lora_A');
    expect(events.some(({ type }) => type === 'surprises')).toBe(true);
    expect(readFileSync(join(output, 'report.html'), 'utf8')).toContain('</html>');
  });
});

describe('after a training', () => {
  it('what was to be trained has moved, and what was frozen has not', async () => {
    const kinds: TrainingOptionsInput[] = [{ loraTargets: ['q_proj'] }, { method: 'full' }, { dora: true }];
    for (const training of kinds) {
      const { result, events } = await train({ ...training, maxSteps: 2 }, { evaluated: false });
      expect(result).toMatchObject({ unmoved: [], frozenMoved: [], skippedSteps: 0 });
      expect(events.some(({ type }) => type === 'surprises')).toBe(false);
    }
  });

  it('a rate that is too small for f32 is told', async () => {
    const { result } = await train({ learningRate: 1e-30, method: 'full', maxSteps: 2 }, { evaluated: false });
    expect(result?.unmoved).toContain('model.layers.0.self_attn.qkv_proj.weight');
  });
});

describe('evaluations that decide', { timeout: 120_000 }, () => {
  // No evaluation is better by a hundred nats: the fifth ends the run. The rate spoils the model before.
  const deciding: TrainingOptionsInput = {
    ...{
      learningRate: 0.3,
      evaluateAtStart: false,
      evaluateEvery: 1,
      earlyStoppingPatience: 4,
      minDelta: 100,
      plateauPatience: 2,
      keep: 'best',
    },
    ...{ loraDropout: 0.2, neftuneAlpha: 5, labelSmoothing: 0.1, maxSteps: 12, epochs: 10, checkpointEvery: 2 },
  };

  it('end a run early, lower its rate and keep its best state, all exactly over a resume', async () => {
    const whole = await train(deciding);
    expect(whole.error).toBeUndefined();
    const { result } = whole;
    const best = linesOf<{ step: number; completionLoss: number }>(whole.output, 'evaluations.jsonl')
      .filter(({ step }) => step > 0)
      .reduce((a, b) => (b.completionLoss < a.completionLoss ? b : a));
    expect(result?.steps).toBeLessThan(12);
    expect(result?.resultStep).toBe(best.step);
    expect(result?.evaluation?.completionLoss).toBe(best.completionLoss);
    const types = whole.events.map(({ type }) => type);
    expect(types).toContain('early-stop');
    expect(types).toContain('learning-rate-lowered');
    for (const step of [1, best.step, (result?.steps ?? 0) - 1]) {
      const { output, error } = await train(deciding, { stopAfter: step });
      expect(error?.message).toBe('stop');
      const resumed = await train(deciding, { output, resume: true });
      expect(resumed.result).toEqual({ ...result, run: output });
      expect(computedBy(output)).toEqual(computedBy(whole.output));
      expect(weightsOf(output)).toBe(weightsOf(whole.output));
    }
  });

  it('change nothing of the steps by being there', async () => {
    const noisy = { loraDropout: 0.2, neftuneAlpha: 5, labelSmoothing: 0.1 };
    const every = await train({ ...noisy, evaluateEvery: 1 });
    const never = await train(noisy);
    expect(computedBy(every.output)).toEqual(computedBy(never.output));
    expect(weightsOf(every.output)).toBe(weightsOf(never.output));
    const epochs = await train({ ...noisy, evaluateEvery: 'epoch', evaluateAtStart: false });
    // Nine rows in batches of two: an epoch is five steps; the last step is evaluated too.
    const steps = linesOf<{ step: number }>(epochs.output, 'evaluations.jsonl').map(({ step }) => step);
    expect(steps).toEqual([5, 6]);
    expect(weightsOf(epochs.output)).toBe(weightsOf(never.output));
  });

  it('need rows to evaluate on', async () => {
    const { error } = await train({ earlyStoppingPatience: 1 }, { evaluated: false });
    expect(error).toMatchObject({ code: 'option-invalid', where: 'option earlyStoppingPatience' });
  });
});
