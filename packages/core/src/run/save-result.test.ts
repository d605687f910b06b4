import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../errors.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import type { TrainingEvent } from '../training/events.ts';
import { readResultRecord } from './result-record.ts';
import { assertRoom, saveResult } from './save-result.ts';

const path = temporaryFolder();
let runs = 0;
async function newRun(): Promise<string> {
  const run = path(`run-${runs++}`);
  await mkdir(run);
  return run;
}
beforeEach(() => {
  vi.stubEnv('COUNTERWEIGHT_HOME', path('home'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
const write = async (folder: string) => writeFile(join(folder, 'weights'), 'learnt');
/** The disk is full so many times. */
const onceFreed = (times: number) => {
  let tries = 0;
  return async (folder: string) => {
    await write(folder);
    if (tries++ < times) throw full();
  };
};
const outcome = { steps: 7, resultStep: 5, skippedSteps: 1, unmoved: ['a'], frozenMoved: [] };
function saving(
  run: string,
  more: { write?: typeof write; assertHeld?: () => Promise<void>; waitSeconds?: number; signal?: AbortSignal } = {},
) {
  const events: TrainingEvent[] = [];
  const assertHeld = async () => {};
  const options = { run, assertHeld, name: 'model' as const, outcome, write, waitSeconds: 0, ...more };
  return { events, saved: saveResult({ ...options, onEvent: (event) => events.push(event) }) };
}

describe('saving a result', () => {
  it('makes the run finished', async () => {
    const run = await newRun();
    expect(await readResultRecord(run)).toBeUndefined();
    const { events, saved } = saving(run);
    await saved;
    expect(events).toEqual([{ type: 'saved', step: 5, folder: join(run, 'model') }]);
    expect(await readResultRecord(run)).toMatchObject({
      steps: 7,
      resultStep: 5,
      skippedSteps: 1,
      unmoved: ['a'],
      frozenMoved: [],
      outputs: [{ file: 'model/weights' }],
    });
  });

  it('waits on a full disk until there is room, and says so', async () => {
    const run = await newRun();
    const { events, saved } = saving(run, { write: onceFreed(1), waitSeconds: 0.6 });
    await saved;
    expect(events).toEqual([
      expect.objectContaining({ type: 'saving-failed', path: run, message: 'There is no space left on the disk.' }),
      { type: 'saved', step: 5, folder: join(run, 'model') },
    ]);
  });

  it('saves elsewhere when nobody makes room in time, and says where', async () => {
    const run = await newRun();
    const { saved } = saving(run, { write: onceFreed(1) });
    const error = await saved.then(
      () => undefined,
      (error: Error & { fix: string }) => error,
    );
    expect(error).toMatchObject({ code: 'output-unwritable' });
    const elsewhere = /saved in (\S+) instead/.exec(error?.fix ?? '')?.[1] as string;
    expect(readFileSync(join(elsewhere, 'weights'), 'utf8')).toBe('learnt');
    expect(readdirSync(run)).toEqual([]);
  });

  it('saves elsewhere when the run folder has become another run’s', async () => {
    const run = await newRun();
    const lost = new UserError({ code: 'run-folder-in-use', problem: 'Another run has it.', fix: 'Leave it.' });
    const { saved } = saving(run, { assertHeld: () => Promise.reject(lost), waitSeconds: 60 });
    await expect(saved).rejects.toThrow(/Another run has it[\s\S]*saved in \S+ instead/);
    expect(readdirSync(run)).toEqual([]);
  });

  it('says so when it can be saved nowhere', async () => {
    const { saved } = saving(await newRun(), { write: onceFreed(9) });
    await expect(saved).rejects.toThrow('There is no space left on the disk.');
  });

  it('does not wait any longer once it is told to stop', async () => {
    const stop = new AbortController();
    const { saved } = saving(await newRun(), { write: onceFreed(1), waitSeconds: 3600, signal: stop.signal });
    stop.abort();
    await expect(saved).rejects.toMatchObject({ code: 'output-unwritable' });
  });

  it('does not hide other errors', async () => {
    const broken = async () => Promise.reject(new TypeError('not a function'));
    await expect(saving(await newRun(), { write: broken }).saved).rejects.toThrow('not a function');
  });
});

describe('a finished run', () => {
  it('is not finished any more when its result was removed', async () => {
    const run = await newRun();
    await saving(run).saved;
    await rm(join(run, 'model'), { recursive: true });
    expect(await readResultRecord(run)).toBeUndefined();
  });

  it('is not finished before its result has its name', async () => {
    const run = await newRun();
    await saving(run).saved.catch(() => {});
    await rm(join(run, 'model', 'weights'));
    expect(existsSync(join(run, 'result.json'))).toBe(true);
    expect(await readResultRecord(run)).toBeUndefined();
  });

  it('whose result has changed is left alone', async () => {
    const run = await newRun();
    await saving(run).saved;
    await writeFile(join(run, 'model', 'weights'), 'edited');
    await expect(readResultRecord(run)).rejects.toMatchObject({ where: join(run, 'model', 'weights') });
  });
});

describe('room for the result', () => {
  it('is there, or is missed before the work', async () => {
    const run = await newRun();
    await assertRoom(run, 1);
    await expect(assertRoom(run, 1e18)).rejects.toMatchObject({ code: 'output-unwritable', where: run });
  });
});
