import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { assertSameRun, keptFrom } from './compare-runs.ts';
import type { RunDescription } from './describe-run.ts';
import { beginRun } from './run-folder.ts';

const path = temporaryFolder();
let runs = 0;

const description = {
  recipe: { name: 'plain', options: { task: undefined, labels: ['a', 'b'] } },
  model: { folder: '/models/tiny', family: 'llama' },
  training: {
    ...{ learningRate: 1e-3, maxSteps: undefined, cache: true, evaluateEvery: 5 },
    ...{ templateDate: '2026-01-31', precision: 'bf16' },
  },
  seed: 1,
  steps: 10,
  examples: { count: 3, lengths: 'c' },
  engine: { name: 'wasm', description: 'WebAssembly' },
  versions: { node: 'v24' },
  inputs: {
    data: [
      { file: 'one.csv', path: '/one.csv', sha256: 'a' },
      { file: 'two.csv', path: '/two.csv', sha256: 'b' },
    ],
    evalData: [],
    model: [],
    adapter: [],
    tokenizer: [],
  },
  receipt: { kept: 3 },
} as unknown as RunDescription;

async function begun(): Promise<string> {
  const run = path(`run-${runs++}`);
  await mkdir(run);
  await beginRun(run, description);
  return run;
}
const { training, inputs } = description;
const [one, two] = inputs.data;

describe('a resumed run', () => {
  it('must be the same run, wherever its files lie now, and whatever changes nothing', async () => {
    const run = await begun();
    await assertSameRun(run, description);
    await assertSameRun(run, {
      ...description,
      training: { ...training, cache: false, evaluateEvery: 3, keepCheckpoints: 9, checkpointEvery: 2 },
      engine: { name: 'wasm', description: 'WebAssembly, other threads' },
      model: { ...description.model, folder: '/elsewhere/tiny' },
      versions: {},
      inputs: { ...inputs, data: [{ ...one, path: '/elsewhere/one.csv' }, two] } as RunDescription['inputs'],
    });
  });

  it.each<[string, string, Partial<RunDescription>]>([
    [
      'recipe',
      'recipe name: the run was started with "plain", now "support"',
      { recipe: { name: 'support', options: description.recipe.options } },
    ],
    [
      'option of the recipe',
      'recipe option labels: the run was started with ["a","b"], now none',
      { recipe: { name: 'plain', options: {} } },
    ],
    [
      'module',
      'recipe module sha256: the run was started with none, now "d"',
      { recipe: { ...description.recipe, source: { file: 'r.ts', sha256: 'd' } } },
    ],
    [
      'option',
      'option learningRate: the run was started with 0.001, now 0.002',
      { training: { ...training, learningRate: 2e-3 } },
    ],
    [
      'number of evaluations that decide',
      'option evaluateEvery',
      { training: { ...training, evaluateEvery: 3, earlyStoppingPatience: 2 } },
    ],
    ['split', 'option evalSplit: the run was started with none, now 0.1', { evalSplit: 0.1 }],
    [
      'engine',
      'engine name: the run was started with "wasm", now "tfjs-node"',
      { engine: { name: 'tfjs-node', description: '' } },
    ],
    [
      'file',
      'rows: two.csv has changed',
      { inputs: { ...inputs, data: [one, { ...two, sha256: 'x' }] } as RunDescription['inputs'] },
    ],
    ['number of files', 'rows: two.csv is missing', { inputs: { ...inputs, data: [one] } as RunDescription['inputs'] }],
    [
      'order of files',
      'rows: the files come in another order',
      { inputs: { ...inputs, data: [two, one] } as RunDescription['inputs'] },
    ],
    [
      'tokenizer',
      'tokenizer: tokenizer.json is new',
      { inputs: { ...inputs, tokenizer: [{ file: 'tokenizer.json', path: '/t', sha256: 't' }] } },
    ],
    [
      'receipt',
      'receipt of the rows kept: the run was started with 3, now 2',
      { receipt: { kept: 2 } as unknown as RunDescription['receipt'] },
    ],
    ['length of an example', 'run examples', { examples: { count: 3, lengths: 'other' } }],
    ['number of steps', 'run steps: the run was started with 10, now 12', { steps: 12 }],
  ])('is refused with another %s, which is named', async (_, difference, change) => {
    const run = await begun();
    const refused = assertSameRun(run, { ...description, ...change });
    await expect(refused).rejects.toMatchObject({ code: 'option-invalid', where: join(run, 'run.json') });
    await expect(refused).rejects.toThrow(difference);
  });

  it('that differs in everything has the first differences named', async () => {
    const other = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`option${i}`, i]));
    const refused = assertSameRun(await begun(), { ...description, recipe: { name: 'other', options: other } });
    await expect(refused).rejects.toThrow(/recipe name: .*; and 24 more differences\./);
  });

  it('goes on with the day and the precision that it was begun with, where the options leave them open', async () => {
    const kept = { templateDate: '2026-01-31', precision: 'bf16' };
    expect(await keptFrom(await begun())).toEqual(kept);
    expect(await keptFrom(await begun(), { precision: 'auto', epochs: 2 })).toEqual({ ...kept, epochs: 2 });
    const said = { templateDate: '2027-01-01', precision: 'f32' } as const;
    expect(await keptFrom(await begun(), said)).toEqual(said);
    expect(await keptFrom(path('nowhere'), { epochs: 2 })).toEqual({ epochs: 2 });
  });

  it.each(['', '{"recipe":', 'null', '[]'])('whose run.json is damaged is named: %s', async (content) => {
    const run = await begun();
    await writeFile(join(run, 'run.json'), content);
    await expect(assertSameRun(run, description)).rejects.toMatchObject({
      code: 'file-malformed',
      where: join(run, 'run.json'),
    });
  });
});
