import { appendFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fineTune } from './fine-tune.ts';
import { plain } from './recipe/plain.ts';
import { temporaryFolder } from './test-support/folder.ts';
import type { CheckResult } from './verify/check.ts';
import { compareEvaluations } from './verify/run-checks/compare-evaluations.ts';
import { verifyRun } from './verify-run.ts';

const path = temporaryFolder();
const stories = new URL('../../../models/stories260k', import.meta.url).pathname;

const rows = Array.from({ length: 12 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
const settings = {
  maxSteps: 4,
  batchSize: 2,
  loraRank: 2,
  learningRate: 0.01,
  checkpointEvery: 3,
  cache: false,
  evaluateAtStart: false,
};

/** A run of its own in a folder of its own, with its rows and model beside it. */
async function newRun(name: string, options: object = {}): Promise<string> {
  const of = (...names: string[]) => path(name, ...names);
  cpSync(stories, of('model'), { recursive: true });
  writeFileSync(of('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const given = { data: of('rows.jsonl'), evalSplit: 0.25, training: settings, ...options };
  const recipe = plain();
  const short = { ...recipe, defaults: { ...recipe.defaults, maxNewTokens: 4 } };
  await fineTune({ recipe: short, model: of('model'), engine: 'wasm', output: of('run'), ...given });
  return of('run');
}

const findRecipe = async () => {
  const recipe = plain();
  return { recipe: { ...recipe, defaults: { ...recipe.defaults, maxNewTokens: 4 } } as never, source: undefined };
};
const verified = (run: string) => verifyRun({ run, findRecipe });

const outcomes = (checks: readonly CheckResult[]) => Object.fromEntries(checks.map(({ name, pass }) => [name, pass]));
const good = { inputs: true, outputs: true, log: true, checkpoints: true, evaluation: true };

const flip = (file: string, at: number) => {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at < 0 ? bytes.length + at : at) ^ 1, at < 0 ? bytes.length + at : at);
  writeFileSync(file, bytes);
};

const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));

const DAMAGES: readonly {
  what: string;
  damage: (run: string) => void;
  fails: keyof typeof good;
  /** The evaluation is not repeated with what is not the run's. */
  skips?: true;
  found: RegExp;
}[] = [
  {
    what: 'whose rows were changed',
    damage: (run) => appendFileSync(join(run, '../rows.jsonl'), '\n'),
    fails: 'inputs',
    skips: true,
    found: /^rows: .*rows\.jsonl has changed/,
  },
  {
    what: 'whose rows are gone',
    damage: (run) => rmSync(join(run, '../rows.jsonl')),
    fails: 'inputs',
    skips: true,
    found: /^rows: .*rows\.jsonl is missing/,
  },
  {
    what: 'whose model was changed',
    damage: (run) => flip(join(run, '../model/model.safetensors'), -1),
    fails: 'inputs',
    skips: true,
    found: /^model: .*model\.safetensors has changed/,
  },
  {
    what: 'whose adapter has a flipped bit',
    damage: (run) => flip(join(run, 'adapter/adapter_model.safetensors'), -1),
    fails: 'outputs',
    skips: true,
    found: /^adapter\/adapter_model\.safetensors has changed/,
  },
  {
    what: 'whose result.json is damaged',
    damage: (run) => truncateSync(join(run, 'result.json'), 40),
    fails: 'outputs',
    skips: true,
    found: /^result\.json is damaged/,
  },
  {
    what: 'whose evaluation was made better by hand',
    damage: (run) =>
      edit(join(run, 'evaluations.jsonl'), (text) => text.replace(/\},"exactMatch":0(\.\d+)?/, '},"exactMatch":0.5')),
    fails: 'evaluation',
    found: /^exactMatch: 0\.5 in the log, now 0$/,
  },
  {
    what: 'whose evaluation was made surer by hand',
    damage: (run) =>
      edit(join(run, 'evaluations.jsonl'), (text) =>
        text.replace('"standardErrors":{', '"standardErrors":{"exactMatch":0.5'),
      ),
    fails: 'evaluation',
    found: /^standard error of exactMatch: 0\.5 in the log, now 0$/,
  },
  {
    what: 'whose loss was made better by hand',
    damage: (run) =>
      edit(join(run, 'evaluations.jsonl'), (text) =>
        text.replace(/"completionLoss":(\d)/, (_, digit) => `"completionLoss":${Number(digit) - 1}`),
      ),
    fails: 'evaluation',
    found: /^completionLoss: /,
  },
  {
    what: 'whose log was cut',
    damage: (run) => edit(join(run, 'metrics.jsonl'), (text) => text.slice(0, -20)),
    fails: 'log',
    found: /^metrics\.jsonl, line 4: not step 4$/,
  },
  {
    what: 'whose log was edited',
    damage: (run) => edit(join(run, 'metrics.jsonl'), (text) => text.replace(/"loss":\d/, '"loss":0')),
    fails: 'log',
    found: /^metrics\.jsonl is not what checkpoints\/step-000003 keeps of it$/,
  },
  {
    what: 'whose checkpoint is damaged',
    damage: (run) => flip(join(run, 'checkpoints/step-000003/state.safetensors'), -1),
    fails: 'checkpoints',
    found: /^checkpoints\/step-000003: state\.safetensors is not what was written/,
  },
];

describe('verifyRun', () => {
  let whole = '';
  beforeAll(async () => {
    whole = await newRun('whole');
  });

  it('passes a run that nobody touched, and writes nothing', async () => {
    const before = readFileSync(join(whole, 'evaluations.jsonl'), 'utf8');
    const { pass, checks } = await verified(whole);
    expect(outcomes(checks)).toEqual(good);
    expect(checks.at(-1)?.difference).toBe(0);
    expect(pass).toBe(true);
    expect(readFileSync(join(whole, 'evaluations.jsonl'), 'utf8')).toBe(before);
  });

  it.each(DAMAGES)('fails a run $what: $fails', async ({ what, damage, fails, skips, found }) => {
    const copy = path(what);
    cpSync(path('whole'), copy, { recursive: true });
    const run = join(copy, 'run');
    // Paths in run.json are absolute: those of the copy.
    edit(join(run, 'run.json'), (text) => text.replaceAll(path('whole'), copy));
    expect(outcomes((await verified(run)).checks)).toEqual(good);
    damage(run);
    const { pass, checks } = await verified(run);
    const logIsKnown = fails !== 'outputs' || what !== 'whose result.json is damaged';
    expect(outcomes(checks)).toEqual({
      ...good,
      ...(skips && { evaluation: null }),
      ...(!logIsKnown && { log: null }),
      [fails]: false,
    });
    expect(pass).toBe(false);
    const [failed] = checks.filter((check) => check.pass === false);
    expect(failed?.difference).toBeGreaterThan(failed?.tolerance ?? Infinity);
    expect(failed?.found).toMatch(found);
    expect(failed?.meaning).toMatch(/\.$/);
  });

  it('repeats evaluations of a whole model, of a share of the prompt, and on rows of their own', async () => {
    const evalData = path('held-out.jsonl');
    writeFileSync(evalData, `${JSON.stringify(rows[0])}\n${JSON.stringify(rows[5])}\n`);
    const training = { ...settings, method: 'full', promptLossFraction: 0.2, checkpointEvery: undefined };
    const run = await newRun('full', { evalSplit: undefined, evalData, training });
    expect(outcomes((await verified(run)).checks)).toEqual({ ...good, checkpoints: null });
  });

  it('says what it cannot repeat', async () => {
    const memory = await newRun('memory', { data: rows });
    const { pass, checks } = await verified(memory);
    expect(pass).toBe(true);
    expect(checks.at(-1)).toMatchObject({ pass: null, skipped: 'the rows were in memory, and are in no file' });
    const alone = await newRun('alone', { evalSplit: undefined });
    expect((await verified(alone)).checks.at(-1)).toMatchObject({ skipped: 'the run had no rows to evaluate on' });
    const missing = async () => {
      throw new Error('There is no recipe "plain".');
    };
    expect((await verifyRun({ run: whole, findRecipe: missing })).checks.at(-1)).toMatchObject({
      pass: null,
      skipped: 'There is no recipe "plain": name the recipe\'s module with --recipe',
    });
  });

  it('refuses what is no run, and a run that has no result', async () => {
    await expect(verified(stories)).rejects.toMatchObject({ code: 'file-not-found', problem: /run\.json is missing/ });
    const copy = path('unfinished');
    cpSync(whole, copy, { recursive: true });
    for (const name of ['adapter', 'result.json']) rmSync(join(copy, name), { recursive: true });
    await expect(verified(copy)).rejects.toMatchObject({ code: 'file-not-found', fix: /--resume/ });
    edit(join(copy, 'run.json'), () => '{"recipe": 1}');
    await expect(verified(copy)).rejects.toMatchObject({ code: 'file-malformed' });
  });
});

describe('compareEvaluations', () => {
  const logged = {
    ...{ rows: 10, tokens: 100, loss: 2, promptLoss: null, completionLoss: 2, perplexity: Math.exp(2) },
    ...{ outputs: 10, cutOutputs: 1, metrics: { exactMatch: 0.5 } },
  };
  const worst = (change: object) =>
    Math.max(...compareEvaluations(logged, { ...logged, ...change }).map(({ difference }) => difference));

  it('allows one output to fall the other way where losses show another processor, and only there', () => {
    expect(worst({})).toBe(0);
    const rounded = { loss: 2 + 1e-7, completionLoss: 2 + 1e-7 };
    expect(worst({ ...rounded, metrics: { exactMatch: 0.6 }, cutOutputs: 2 })).toBeLessThan(1e-6);
    expect(worst({ metrics: { exactMatch: 0.6 } })).toBeCloseTo(0.1);
    expect(worst({ ...rounded, metrics: { exactMatch: 0.7 } })).toBeCloseTo(0.1);
  });

  it('counts rows, and misses metrics', () => {
    expect(worst({ rows: 9 })).toBe(1);
    expect(worst({ metrics: {} })).toBeNaN();
    expect(worst({ perplexity: 7 })).toBeGreaterThan(0.01);
  });
});
