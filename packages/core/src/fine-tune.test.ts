import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  counting,
  failingLater,
  measuredBy,
  path,
  stepsLogged,
  stopped,
  tried,
  typesOf,
  weightsOf,
} from './test-support/small-runs.ts';

describe('an evaluation that fails', () => {
  it('costs nothing but itself, before, in between and at the end', async () => {
    const whole = await tried({ recipe: counting, evalSplit: 0.25 });
    const run = await tried({
      ...failingLater(),
      evalSplit: 0.25,
      training: { evaluateAtStart: true, evaluateEvery: 2 },
    });
    expect(run.error).toBeUndefined();
    expect(run.result).toMatchObject({ steps: 6, evaluation: null, evaluationFailure: 'the recipe is gone' });
    const failures = run.events.filter((event) => event.type === 'evaluation-failed');
    expect(failures.map(({ step }) => step)).toEqual([0, 2, 4, 6]);
    expect(weightsOf(run.output)).toBe(weightsOf(whole.output));
    expect(stepsLogged(run.output)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('at the end comes after the result is saved, and is made up for by resuming', async () => {
    const run = await tried({ ...failingLater(), evalSplit: 0.25 });
    expect(typesOf(run).indexOf('saved')).toBeGreaterThan(typesOf(run).lastIndexOf('checkpoint'));
    expect(typesOf(run).indexOf('evaluation-failed')).toBeGreaterThan(typesOf(run).indexOf('saved'));
    const weights = weightsOf(run.output);
    const again = await tried({ recipe: counting, evalSplit: 0.25, output: run.output, resume: true });
    expect(typesOf(again)).toContain('already-finished');
    expect(typesOf(again)).not.toContain('step');
    expect(again.result).toMatchObject({ steps: 6, evaluationFailure: null, evaluation: { metrics: { score: 3 } } });
    expect(weightsOf(run.output)).toBe(weights);
    // What was saved is evaluated as what was trained is.
    const whole = await tried({ recipe: counting, evalSplit: 0.25 });
    expect(again.result?.evaluation).toEqual(whole.result?.evaluation);
  });
});

describe('an evaluation in the middle', () => {
  it('changes nothing of the training', async () => {
    const without = await tried();
    const evaluated = await tried({ recipe: counting, evalData: path('rows.jsonl'), training: { evaluateEvery: 1 } });
    expect(weightsOf(evaluated.output)).toBe(weightsOf(without.output));
  });
});

describe('the best state', () => {
  const training = { keep: 'best', bestMetric: 'score', evaluateEvery: 2 } as const;
  /** Evaluations after the steps 2, 4 and 6; what intervals are made of is measured on a part of the rows. */
  const scored = (...scores: number[]) => {
    let all = 0;
    return measuredBy(({ length }) => {
      all = Math.max(all, length);
      return length < all ? Number.NaN : (scores.shift() as number);
    });
  };
  const stateOf = (output: string, name: string) =>
    readFileSync(join(output, 'checkpoints', name, 'state.safetensors'));

  it('is the result where that is wanted, also of a run that was stopped', async () => {
    const last = await tried({ recipe: scored(1, 3, 2), evalSplit: 0.25, training: { evaluateEvery: 2 } });
    const best = await tried({ recipe: scored(1, 3, 2), evalSplit: 0.25, training });
    expect(best.result).toMatchObject({ steps: 6, resultStep: 4, evaluation: { metrics: { score: 3 } } });
    expect(stateOf(best.output, 'best')).toEqual(stateOf(last.output, 'step-000004'));
    expect(weightsOf(best.output)).not.toBe(weightsOf(last.output));
    const output = await stopped(5, { recipe: scored(1, 3), evalSplit: 0.25, training });
    const resumed = await tried({ recipe: scored(2), evalSplit: 0.25, training, output, resume: true });
    expect(resumed.result).toEqual({ ...best.result, run: output });
    expect(weightsOf(output)).toBe(weightsOf(best.output));
  });

  it('is the last one where no evaluation gave a number, and that is said', async () => {
    const none = await tried({ recipe: scored(NaN, NaN, NaN), evalSplit: 0.25, training });
    expect(typesOf(none)).toContain('no-best');
    expect(none.result?.resultStep).toBe(6);
  });

  it('is the last one where that is the best, or the best one was lost', async () => {
    const last = await tried({ recipe: scored(1, 2, 3), evalSplit: 0.25, training });
    expect(last.result).toMatchObject({ resultStep: 6, evaluation: { metrics: { score: 3 } } });
    const damaged = await tried({
      recipe: scored(1, 3, 2),
      evalSplit: 0.25,
      training,
      onEvent: (event) => {
        if (event.type !== 'evaluation' || event.step !== 6) return;
        for (const run of readdirSync(path('.'))) {
          const file = path(run, 'checkpoints/best/progress.json');
          if (existsSync(file)) writeFileSync(file, '{}');
        }
      },
    });
    expect(typesOf(damaged)).toContain('checkpoint-skipped');
    expect(damaged.result?.resultStep).toBe(6);
  });
});
