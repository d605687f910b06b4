import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FineTuneOptions, type FineTuneResult, fineTune } from './fine-tune.ts';
import { plain } from './recipe/plain.ts';
import type { Metric, Recipe } from './recipe/recipe.ts';
import { temporaryFolder } from './test-support/folder.ts';
import type { TrainingEvent } from './training/events.ts';

const model = new URL('../../../models/stories260k', import.meta.url).pathname;
const path = temporaryFolder();
let runs = 0;
const newRun = () => path(`run-${runs++}`);

beforeAll(async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  await writeFile(path('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

type Row = Parameters<Recipe<unknown>['render']>[0];
const measuredBy = (compute: Metric<Row>['compute']): Recipe<Row> => {
  const recipe = plain() as Recipe<Row>;
  const metric = { name: 'score', direction: 'higher-is-better', definition: 'for a test', compute } as Metric<Row>;
  return { ...recipe, metrics: [metric], defaults: { ...recipe.defaults, maxNewTokens: 2 } };
};
const counting = measuredBy((predictions) => predictions.length);

/** A recipe whose rows can't be rendered any more once training has begun, as evaluation does. */
function failingLater(): { recipe: Recipe<Row>; onEvent: (event: TrainingEvent) => void } {
  let broken = false;
  const render: Recipe<Row>['render'] = (row) => {
    if (broken) throw new Error('the recipe is gone');
    return counting.render(row);
  };
  return {
    recipe: { ...counting, render },
    onEvent: ({ type }) => {
      broken ||= type === 'start';
    },
  };
}

interface Tried {
  readonly output: string;
  readonly events: readonly TrainingEvent[];
  readonly result: FineTuneResult | undefined;
  readonly error: (Error & { code?: string }) | undefined;
}
type Options = Partial<Omit<FineTuneOptions<Row>, 'onEvent'>> & { onEvent?: (event: TrainingEvent) => void };

async function tried({ training, onEvent, output = newRun(), ...options }: Options = {}): Promise<Tried> {
  const events: TrainingEvent[] = [];
  const settings = { maxSteps: 6, batchSize: 2, loraRank: 2, learningRate: 0.01, checkpointEvery: 2, cache: false };
  const running = fineTune<Row>({
    recipe: plain() as Recipe<Row>,
    model,
    engine: 'wasm',
    data: path('rows.jsonl'),
    output,
    training: { ...settings, ...training },
    onEvent(event) {
      events.push(event);
      onEvent?.(event);
    },
    ...options,
  });
  return running.then(
    (result) => ({ output, events, result, error: undefined }),
    (error: Error) => ({ output, events, result: undefined, error }),
  );
}
/** A run that is stopped after so many steps, with the checkpoint of it. */
async function stopped(after: number, options: Options = {}): Promise<string> {
  const stop = new AbortController();
  const reason = new Error('stop');
  const { error, output } = await tried({
    ...options,
    signal: stop.signal,
    onEvent: (event) => event.type === 'step' && event.metrics.step === after && stop.abort(reason),
  });
  expect(error).toBe(reason);
  return output;
}
const typesOf = ({ events }: Tried) => events.map((event) => event.type);
const stepsLogged = (output: string) =>
  readFileSync(join(output, 'metrics.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { step: number }).step);
const weightsOf = (output: string) =>
  createHash('sha256')
    .update(readFileSync(join(output, 'adapter/adapter_model.safetensors')))
    .digest('hex');

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

describe('a finished run', () => {
  it('is recognised: it is not trained again, and tells both evaluations', async () => {
    const options = { recipe: counting, evalSplit: 0.25, training: { evaluateAtStart: true } };
    const first = await tried(options);
    const log = await readFile(join(first.output, 'metrics.jsonl'), 'utf8');
    const again = await tried({ ...options, output: first.output, resume: true });
    expect(typesOf(again)).toEqual(['already-finished']);
    expect(again.result).toEqual(first.result);
    expect(first.result?.evaluationBefore?.metrics).toEqual({ score: 3 });
    expect(await readFile(join(first.output, 'metrics.jsonl'), 'utf8')).toBe(log);
  });

  it('is another one with other options', async () => {
    const { output } = await tried();
    const { error } = await tried({ output, resume: true, training: { maxSteps: 8 } });
    expect(error?.message).toContain('option maxSteps: the run was started with 6, now 8');
  });

  it('whose result was removed is made again from its checkpoint', async () => {
    const { output } = await tried();
    const weights = weightsOf(output);
    await rm(join(output, 'adapter'), { recursive: true });
    const again = await tried({ output, resume: true });
    expect(typesOf(again)).toEqual(['start', 'saved']);
    expect(weightsOf(output)).toBe(weights);
  });
});

describe('a resumed run', () => {
  it('ends as if it had not been stopped, also when it was stopped while it evaluated', async () => {
    const options = { recipe: counting, evalSplit: 0.25, training: { evaluateEvery: 3 } };
    const whole = await tried(options);
    const stop = new AbortController();
    const { output, error } = await tried({
      ...options,
      signal: stop.signal,
      onEvent: (event) => event.type === 'evaluation-progress' && stop.abort(new Error('stop')),
    });
    expect(error?.message).toBe('stop');
    expect(stepsLogged(output)).toEqual([1, 2, 3]);
    expect(existsSync(join(output, 'evaluations.jsonl'))).toBe(false);
    const again = await tried({ ...options, output, resume: true });
    expect(again.result).toEqual({ ...whole.result, run: output });
    expect(weightsOf(output)).toBe(weightsOf(whole.output));
    const evaluations = (run: string) => readFileSync(join(run, 'evaluations.jsonl'), 'utf8');
    expect(evaluations(output)).toBe(evaluations(whole.output));
  });

  it('has to hold out the same rows', async () => {
    const output = await stopped(3, { evalSplit: 0.25 });
    for (const evalSplit of [undefined, 0.5]) {
      const { error } = await tried({ output, resume: true, ...(evalSplit && { evalSplit }) });
      expect(error).toMatchObject({ code: 'option-invalid' });
      expect(error?.message).toContain('option evalSplit: the run was started with 0.25');
    }
    const { error } = await tried({ output, resume: true, evalSplit: 0.25, training: { splitSeed: 7 } });
    expect(error?.message).toContain('option splitSeed');
  });

  it('may be saved and evaluated at other times', async () => {
    const output = await stopped(3);
    const { result } = await tried({ output, resume: true, training: { checkpointEvery: 1, keepCheckpoints: 1 } });
    expect(result?.steps).toBe(6);
    expect(readdirSync(join(output, 'checkpoints'))).toEqual(['step-000006']);
  });

  it('goes on with the checkpoint before a damaged one, and writes a spoilt log anew', async () => {
    const whole = await tried();
    const output = await stopped(5);
    await truncate(join(output, 'checkpoints/step-000005/state.safetensors'), 500);
    await writeFile(join(output, 'metrics.jsonl'), '');
    const again = await tried({ output, resume: true });
    expect(again.events).toContainEqual({
      type: 'checkpoint-skipped',
      folder: join(output, 'checkpoints/step-000005'),
      message: expect.stringContaining('state.safetensors') as string,
    });
    expect(again.events).toContainEqual({ type: 'log-restored', file: 'metrics.jsonl' });
    expect(stepsLogged(output)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(weightsOf(output)).toBe(weightsOf(whole.output));
  });
});

describe('the best state', () => {
  const training = { keep: 'best', bestMetric: 'score', evaluateEvery: 2 } as const;
  /** Evaluations after the steps 2, 4 and 6. */
  const scored = (...scores: number[]) => measuredBy(() => scores.shift() as number);
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

describe('a run folder', () => {
  it('serves one run: the second is refused before it does anything', async () => {
    const output = newRun();
    const second: { tried?: Promise<Tried> } = {};
    const first = await tried({
      output,
      onEvent: (event) => {
        if (event.type === 'start') second.tried = tried({ output, resume: true });
      },
    });
    expect(first.result?.steps).toBe(6);
    expect((await second.tried)?.error).toMatchObject({ code: 'run-folder-in-use' });
    expect(stepsLogged(output)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readdirSync(output).sort()).toEqual(
      ['adapter', 'checkpoints', 'metrics.jsonl', 'report.html'].concat(['result.json', 'run.json']),
    );
  });

  it('is left as it was found when nothing comes of the run', async () => {
    const { output, error } = await tried({ data: path('nowhere.jsonl') });
    expect(error?.name).toBe('UserError');
    expect(existsSync(output)).toBe(false);
  });

  it('that was taken over by another run is not written to any more', async () => {
    const output = newRun();
    const { error } = await tried({
      output,
      onEvent(event) {
        if (event.type !== 'step' || event.metrics.step !== 2) return;
        const file = join(output, '.lock');
        const theirs = { ...(JSON.parse(readFileSync(file, 'utf8')) as object), token: 'theirs' };
        writeFileSync(file, JSON.stringify(theirs));
      },
    });
    expect(error).toMatchObject({ code: 'run-folder-in-use' });
    expect(existsSync(join(output, 'checkpoints'))).toBe(false);
  });

  it('whose description is damaged is named', async () => {
    const output = await stopped(2);
    const copy = newRun();
    await cp(output, copy, { recursive: true });
    await truncate(join(copy, 'run.json'), 30);
    const { error } = await tried({ output: copy, resume: true });
    expect(error).toMatchObject({ code: 'file-malformed', where: join(copy, 'run.json') });
  });
});
