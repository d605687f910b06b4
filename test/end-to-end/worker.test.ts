import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { counterweight, model, newFolder, readLines } from './command.ts';

const folder = newFolder();
const cli = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const STEPS = 120;

const planned = (sweep: string) => readdirSync(join(sweep, 'planned')).map((name) => join(sweep, 'planned', name));
const trialOf = (file: string) => join(file, '..', '..', 'trials', basename(file, '.json'));
const steps = (trial: string) =>
  existsSync(join(trial, 'metrics.jsonl')) ? readLines(join(trial, 'metrics.jsonl')).map(({ step }) => step) : [];
const allSteps = Array.from({ length: STEPS }, (_, i) => i + 1);
const start = (...args: string[]): ChildProcess => spawn(process.execPath, [cli, ...args], { stdio: 'ignore' });
const endOf = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number;

/** Comes back when a trial is in the middle of its training. */
async function inTheMiddle(trial: string): Promise<void> {
  while (steps(trial).length < 10) await sleep(20);
}

describe('counterweight worker', { timeout: 240_000 }, () => {
  const plan = join(folder, 'plan');
  /** A sweep of two trials that nobody has worked at. */
  const sweepLike = (name: string): string[] => {
    cpSync(plan, join(folder, name), { recursive: true });
    return planned(join(folder, name));
  };

  beforeAll(async () => {
    const data = join(folder, 'rows.jsonl');
    const rows = Array.from({ length: 24 }, (_, i) => ({ prompt: `Lily had ${i} cats`, completion: ` and ${i} dogs` }));
    writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const task = ['--model', model, '--engine', 'wasm', '--data', data, '--eval-split', '0.5', '--output', plan];
    const trials = ['--weights', '0,1', '--seeds', '1', '--max-steps', `${STEPS}`, '--batch-size', '2'];
    const { code } = await counterweight(['sweep', 'plan', ...task, ...trials, '--evaluate-losses-only']);
    expect(code).toBe(0);
  });

  it('does one trial, and nothing where it is done', async () => {
    const [file = '', other = ''] = sweepLike('one');
    const { code, json } = await counterweight(['worker', file, '--json']);
    expect([code, json()]).toEqual([0, { sweep: join(folder, 'one'), trial: basename(file, '.json') }]);
    expect(existsSync(join(trialOf(file), 'done'))).toBe(true);
    expect(existsSync(trialOf(other))).toBe(false);
    const done = readFileSync(join(trialOf(file), 'done'), 'utf8');
    // The folder of a trial names it too.
    expect((await counterweight(['worker', trialOf(file)])).code).toBe(0);
    expect(readFileSync(join(trialOf(file), 'done'), 'utf8')).toBe(done);
  });

  it.each(['SIGTERM', 'SIGUSR1'] as const)(
    'saves on %s, ends with 75, and the next goes on to the same bits',
    async (signal) => {
      const [file = ''] = sweepLike(signal);
      const trial = trialOf(file);
      const worker = start('worker', file);
      await inTheMiddle(trial);
      worker.kill(signal);
      expect(await endOf(worker)).toBe(75);
      const made = steps(trial).length;
      expect(readdirSync(join(trial, 'checkpoints'))).toEqual([`step-${String(made).padStart(6, '0')}`]);
      expect((await counterweight(['worker', file])).code).toBe(0);
      expect(steps(trial)).toEqual(allSteps);
      expect(readLines(join(trial, 'history.jsonl')).map(({ step }) => step)).toEqual([0, made]);
      const undisturbed = trialOf(join(folder, 'one', 'planned', basename(file)));
      expect(readFileSync(join(trial, 'outcome.json'))).toEqual(readFileSync(join(undisturbed, 'outcome.json')));
    },
  );

  it('waits while another is at the trial, and takes it over when that one is killed', async () => {
    const [file = ''] = sweepLike('two');
    const trial = trialOf(file);
    const first = start('worker', file);
    await inTheMiddle(trial);
    // It is there and does not get on, so that it cannot be done before the second looks.
    first.kill('SIGSTOP');
    const second = start('worker', file);
    await sleep(3000);
    expect(second.exitCode).toBe(null);
    first.kill('SIGKILL');
    expect(await endOf(second)).toBe(0);
    expect(steps(trial)).toEqual(allSteps);
  });

  it('does the trial of its number in a job array', async () => {
    sweepLike('array');
    const sweep = join(folder, 'array');
    const work = (env: Record<string, string>) =>
      counterweight(['sweep', 'work', sweep, '--index-from-env', '--json'], env);
    expect((await work({ SLURM_ARRAY_TASK_ID: '1' })).json()).toEqual({ sweep, trial: 1 });
    expect(readdirSync(join(sweep, 'trials')).length).toBe(1);
    const beyond = await work({ JOB_COMPLETION_INDEX: '2' });
    expect([beyond.code, beyond.stderr]).toEqual([2, expect.stringContaining('has 2 trials, and none is number 2')]);
    // Without a number it does whatever is free.
    expect((await work({})).json()).toEqual({ sweep, trials: 2, failed: [] });
  });

  it('ends with 1 where the trial fails, and with 2 where it is none', async () => {
    const [file = ''] = sweepLike('broken');
    const sweep = join(folder, 'broken');
    const before = readFileSync(join(sweep, 'sweep.json'), 'utf8');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"seed":0', '"seed":7'));
    const none = await counterweight(['worker', file]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no trial of the sweep that it lies in')]);
    expect((await counterweight(['worker', join(sweep, 'planned', 'x.json')])).code).toBe(2);
    expect(readFileSync(join(sweep, 'sweep.json'), 'utf8')).toBe(before);

    const failing = join(folder, 'failing');
    const asked = JSON.parse(before).command.options;
    const task = ['--model', model, '--engine', 'wasm', '--data', asked.data[0], '--eval-split', '0.5'];
    const training = [
      '--weights',
      '0',
      '--seeds',
      '1',
      '--max-steps',
      '5',
      '--learning-rate',
      '1e30',
      '--evaluate-losses-only',
    ];
    await counterweight(['sweep', 'plan', ...task, ...training, '--output', failing]);
    const [bad = ''] = planned(failing);
    const failed = await counterweight(['worker', bad, '--json']);
    expect([failed.code, failed.json().failed]).toEqual([1, expect.stringContaining('not a finite number')]);
  });
});
