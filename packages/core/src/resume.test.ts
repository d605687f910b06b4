import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  counting,
  newRun,
  path,
  stepsLogged,
  stopped,
  type Tried,
  tried,
  typesOf,
  weightsOf,
} from './test-support/small-runs.ts';

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

  it.each([
    ['cut', (log: string) => log.slice(0, -9)],
    ['emptied', () => ''],
    ['doubled', (log: string) => log + log],
  ])('says that its log was %s', async (_, change) => {
    const { output } = await tried();
    const file = join(output, 'metrics.jsonl');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(typesOf(await tried({ output, resume: true }))).toEqual(['already-finished', 'log-incomplete']);
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

  it('keeps its best state when it was ended just before it could', async () => {
    const training = {
      keep: 'best',
      bestMetric: 'completionLoss',
      evaluateEvery: 2,
      evaluateLossesOnly: true,
    } as const;
    const options = { recipe: counting, evalSplit: 0.25, training };
    const { output } = await tried(options);
    const best = join(output, 'checkpoints/best');
    const filesOf = () => readdirSync(best).map((name) => [name, readFileSync(join(best, name), 'base64')]);
    const kept = filesOf();
    expect(JSON.stringify(kept)).toContain('evaluations.jsonl');
    await rm(join(output, 'adapter'), { recursive: true });
    await rm(best, { recursive: true });
    await tried({ ...options, output, resume: true });
    expect(filesOf()).toEqual(kept);
  });

  it('says of a result that is made again what it said before: what it trained and did not change', async () => {
    const training = { method: 'full', learningRate: 1e-30, maxSteps: 2 } as const;
    const { output, result } = await tried({ training });
    expect(result?.unmoved).toContain('model.layers.0.self_attn.qkv_proj.weight');
    await rm(join(output, 'model'), { recursive: true });
    const again = await tried({ output, training, resume: true });
    expect(again.result?.unmoved).toEqual(result?.unmoved);
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

  it('has to learn in the same words, and does', async () => {
    const recipe: typeof counting = {
      ...counting,
      render: (row) => {
        const { prompt, ...rest } = counting.render(row);
        const phrasings = { question: ' How many?', order: ' Say how many.', heldOut: ' Tell.' };
        return { ...rest, prompt: [...prompt, { role: 'user', text: ' Count.', phrasings }] };
      },
    };
    const training = { phrasings: 'all' } as const;
    const whole = await tried({ recipe, training });
    const output = await stopped(3, { recipe, training });
    const { error } = await tried({ recipe, output, resume: true });
    expect(error?.message).toContain('option phrasings: the run was started with "all", now "default"');
    await tried({ recipe, training, output, resume: true });
    expect(weightsOf(output)).toBe(weightsOf(whole.output));
    expect(weightsOf(output)).not.toBe(weightsOf((await tried({ recipe })).output));
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
      ['adapter', 'checkpoints', 'examples.json', 'history.jsonl', 'metrics.jsonl'].concat([
        'report.html',
        'result.json',
        'run.json',
      ]),
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
