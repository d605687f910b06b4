import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchOnce } from '../../packages/launch/src/index.ts';
import { newFolder } from '../end-to-end/command.ts';
import { machinesIn } from './machines.ts';
import { hasObjectStore, type ObjectStore, startObjectStore } from './object-store.ts';
import { sweepArguments, TRIALS, trialHashes } from './sweep-task.ts';

const isHere = hasObjectStore();
const URL_OF_SWEEP = 's3://lab/sweeps/first';
const STEPS = 60;

describe.skipIf(!isHere)('a sweep in object storage', () => {
  const folder = newFolder();
  let store: ObjectStore;
  let start: ReturnType<typeof machinesIn>['start'];
  let done: ReturnType<typeof machinesIn>['done'];
  beforeAll(async () => {
    store = await startObjectStore();
    ({ start, done } = machinesIn(folder, store.env));
  });
  afterAll(async () => {
    store.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const lease = (trial: string) =>
    store.bucket.getObjectJSON<{ holder?: object; progress?: Record<string, string> }>(
      `sweeps/first/trials/${trial}/lease.json`,
    );
  /** What a trial's log held when it was saved for the first time. */
  async function savedLog(trial: string): Promise<string> {
    for (;;) {
      const saved = Object.entries((await lease(trial))?.progress ?? {}).find(([name]) =>
        name.endsWith('metrics.jsonl'),
      );
      const text = saved && (await store.bucket.getObject(saved[1]));
      if (text) return text;
      await sleep(50);
    }
  }

  it('is done by machines that share nothing else, though their workers are ended, as it is in a folder', async () => {
    const reference = join(folder, 'here');
    expect(await done(start('here', ['sweep', ...sweepArguments(folder, reference, STEPS)]))).toMatchObject({
      code: 0,
    });
    const expected = trialHashes(reference);
    expect(Object.keys(expected)).toHaveLength(TRIALS);

    const planned = await done(start('first', ['sweep', 'plan', ...sweepArguments(folder, URL_OF_SWEEP, STEPS)]));
    expect(planned).toMatchObject({
      code: 0,
      said: expect.stringContaining(`counterweight sweep work ${URL_OF_SWEEP}`),
    });

    // One is killed, one is told to end, both after a checkpoint.
    const [killed = '', told = ''] = Object.keys(expected);
    const worker = (trial: string) => start('first', ['worker', `${URL_OF_SWEEP}/planned/${trial}.json`]);
    const first = worker(killed);
    const log = await savedLog(killed);
    first.kill('SIGKILL');
    const second = worker(told);
    await savedLog(told);
    second.kill('SIGTERM');
    expect(await done(second)).toMatchObject({ code: 75 });
    expect(await lease(told)).not.toHaveProperty('holder');
    expect(await lease(killed)).toHaveProperty('holder');

    // Two other machines do the rest, at the same time.
    const others = await Promise.all(
      ['second', 'third'].map((machine) => done(start(machine, ['sweep', 'work', URL_OF_SWEEP]))),
    );
    expect(others.map(({ code }) => code)).toEqual([0, 0]);
    const ends = others.flatMap(({ said }) => said.match(/^weight .*, seed \d+ {2}/gm) ?? []);
    expect(ends).toHaveLength(TRIALS);
    expect(new Set(ends).size).toBe(TRIALS);

    process.env.COUNTERWEIGHT_HOME = join(folder, 'reader');
    const fetched = await fetchOnce(URL_OF_SWEEP, { env: store.env });
    expect(trialHashes(fetched)).toEqual(expected);
    // To the very times of its steps, up to the checkpoint: it was gone on with, and not begun again.
    expect(readFileSync(join(fetched, 'trials', killed, 'metrics.jsonl'), 'utf8').startsWith(log)).toBe(true);
    expect(readdirSync(join(fetched, 'trials', killed))).not.toContain('saved');
  });

  it('is reported anywhere, and does nothing twice', async () => {
    const again = await done(
      start('fourth', ['worker', `${URL_OF_SWEEP}/trials/${Object.keys(trialHashes(join(folder, 'here')))[0]}`]),
    );
    expect(again).toMatchObject({ code: 0, said: expect.not.stringMatching(/^weight /m) });
    const reported = await done(start('fourth', ['sweep', 'report', URL_OF_SWEEP]));
    const here = await done(start('here', ['sweep', 'report', join(folder, 'here')]));
    // What follows has the order in which its options were given, and a path.
    const words = ({ said }: { said: string }) => said.slice(0, said.indexOf('Train with it'));
    expect(words(reported)).toBe(words(here));
    expect(await store.bucket.getObject('sweeps/first/report.html')).toContain('<html');
  });

  it('that is not there, or has no such trial, is named', async () => {
    const none = await done(start('fifth', ['sweep', 'work', 's3://lab/sweeps/none']));
    expect(none).toMatchObject({ code: 2, said: expect.stringContaining('There is no sweep here.') });
    const wrong = await done(start('fifth', ['worker', `${URL_OF_SWEEP}/planned/0000000000000000.json`]));
    expect(wrong).toMatchObject({ code: 2, said: expect.stringContaining('There is no trial here.') });
  });
});
