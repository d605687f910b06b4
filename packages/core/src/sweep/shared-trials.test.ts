import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { planSweep, workSweep } from '../sweep.ts';
import { counting, model, newRun, path, type Row } from '../test-support/small-runs.ts';
import type { SweepEvent } from './events.ts';
import type { SweepOptions } from './options.ts';
import type { SharedTrials } from './shared-trials.ts';

beforeAll(async () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  await writeFile(path('shared.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

const optionsOf = (): SweepOptions<Row> => ({
  recipe: counting,
  model,
  engine: 'wasm',
  data: path('shared.jsonl'),
  evalSplit: 0.4,
  weights: [0, 1],
  seeds: 1,
  neutral: ['Once there was a cat.'],
  output: newRun(),
  training: { maxSteps: 6, batchSize: 2, loraRank: 2, learningRate: 0.01, precision: 'f32', checkpointEvery: 2 },
});

/** A folder that several sweeps bring their trials to, each of which is one's at a time; and what was asked of it. */
function folderElsewhere(store: string, onLost = () => {}) {
  const taken = new Set<string>();
  const asked: string[] = [];
  const lost = new Set<string>();
  const trials: SharedTrials = {
    async claim(folder) {
      const name = basename(folder);
      if (taken.has(name)) return 'elsewhere';
      if (existsSync(join(store, name))) await cp(join(store, name), folder, { recursive: true });
      if (existsSync(join(folder, 'done'))) return 'done';
      taken.add(name);
      const bring = async () => {
        if (lost.has(name)) {
          throw new UserError({ code: 'run-folder-in-use', problem: 'Lost.', where: name, fix: 'Leave it.' });
        }
        await rm(join(store, name), { recursive: true, force: true });
        await cp(folder, join(store, name), { recursive: true, filter: (file) => basename(file) !== '.lock' });
      };
      return {
        async save() {
          asked.push('save');
          await bring();
        },
        async end() {
          asked.push('end');
          taken.delete(name);
          if (lost.has(name)) onLost();
          await bring();
        },
      };
    },
  };
  return { trials, asked, taken, lost };
}

const outcomesIn = async (sweep: string): Promise<string[]> => {
  const ids = (await readdir(join(sweep, 'trials'))).sort();
  return ids.map((id) => readFileSync(join(sweep, 'trials', id, 'outcome.json'), 'utf8'));
};

describe('trials that lie elsewhere', () => {
  it('are saved there, gone on with on another machine, and come to the same', async () => {
    const alone = optionsOf();
    await planSweep(alone);
    await workSweep(alone);

    const store = newRun();
    await mkdir(store, { recursive: true });
    const { trials, asked, taken } = folderElsewhere(store);
    const first = { ...optionsOf(), shared: trials };
    await planSweep(first);
    const stop = new AbortController();
    const reason = new Error('stop');
    const onEvent = (event: SweepEvent) => event.type === 'trial-step' && event.step === 5 && stop.abort(reason);
    await expect(workSweep({ ...first, signal: stop.signal, onEvent })).rejects.toBe(reason);
    expect(asked).toEqual(['save', 'save', 'save', 'end']);
    expect(taken.size).toBe(0);

    const second = { ...optionsOf(), shared: trials };
    await planSweep(second);
    const steps: number[] = [];
    const watch = (event: SweepEvent) => event.type === 'trial-step' && steps.push(event.step);
    expect(await workSweep({ ...second, onEvent: watch })).toMatchObject({ done: 2, failed: [] });
    expect(steps).toEqual([6, 1, 2, 3, 4, 5, 6]);
    expect(await outcomesIn(second.output)).toEqual(await outcomesIn(alone.output));

    // What others have done is brought here, and not done again.
    const third = { ...optionsOf(), shared: trials };
    await planSweep(third);
    const told: string[] = [];
    const tell = ({ type }: SweepEvent) => told.push(type);
    expect(await workSweep({ ...third, onEvent: tell })).toMatchObject({ done: 2 });
    expect(told).toEqual([]);
    expect(await outcomesIn(third.output)).toEqual(await outcomesIn(alone.output));
  });

  it('that another has taken over are left to it', async () => {
    const store = newRun();
    await mkdir(store, { recursive: true });
    const stop = new AbortController();
    const reason = new Error('enough');
    const { trials, lost } = folderElsewhere(store, () => stop.abort(reason));
    const options = { ...optionsOf(), weights: [0], shared: trials };
    await planSweep(options);
    const seen: string[] = [];
    const onEvent = (event: SweepEvent) => {
      seen.push(event.type);
      if (event.type === 'trial-step') lost.add(event.trial.id);
    };
    // It waits for the other then, and fails nobody's trial.
    await expect(workSweep({ ...options, signal: stop.signal, onEvent })).rejects.toBe(reason);
    expect(seen).not.toContain('trial-failed');
    expect(seen.filter((type) => type === 'trial-step')).toHaveLength(2);
  });
});
