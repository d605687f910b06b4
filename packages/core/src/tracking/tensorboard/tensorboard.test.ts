import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test-support/folder.ts';
import { evaluationEvent, finished, stepEvent, trackedRun } from '../../test-support/tracked-run.ts';
import { purgeEvent, scalarsEvent, settingsEvent, versionEvent } from './event-file.ts';
import { tensorboard } from './tensorboard.ts';

const path = temporaryFolder();
const at = 1764500000.25;
const holds = (file: Buffer, record: Uint8Array) => file.includes(Buffer.from(record));

/** The files of a run that makes these steps, each as it is now, in the order in which TensorBoard reads them. */
async function tracked(folder: string, from: number, steps: readonly number[], place?: string): Promise<Buffer[]> {
  const tracker = tensorboard({ folder: place });
  await tracker.begin(trackedRun(folder, from));
  for (const step of steps) await tracker.onEvent(stepEvent(step));
  await tracker.onEvent(evaluationEvent(steps.at(-1) ?? 0, 0.5));
  await tracker.end(finished);
  const written = place === undefined ? path('run/tensorboard') : path('logs/run');
  return Promise.all((await readdir(written)).sort().map((name) => readFile(`${written}/${name}`)));
}

it('writes a file for each part of a run, which voids what was written of later steps', async () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(1000 * at);
  const [first] = await tracked(path('run'), 0, [1, 2, 3]);
  const files = await tracked(path('run'), 2, [3, 4]);
  clock.mockRestore();
  expect(files).toHaveLength(2);
  // The one that is there is not touched.
  expect(files[0]).toEqual(first);
  for (const file of files as [Buffer, Buffer]) {
    expect(file.subarray(0, versionEvent(at).length)).toEqual(Buffer.from(versionEvent(at)));
    expect(holds(file, scalarsEvent(at, 3, numbersOf(3)))).toBe(true);
  }
  expect(files.map((file) => holds(file, purgeEvent(at, 3)))).toEqual([false, true]);
  expect(files.map((file) => file.includes('_hparams_/session_start_info'))).toEqual([true, false]);
  expect(files[1]?.includes('eval/exactMatch')).toBe(true);
});

it('writes into a folder of many runs, each in its own', async () => {
  const [file] = await tracked(path('run'), 0, [1], path('logs'));
  expect(dirname(path('logs/run/x'))).toBe(path('logs/run'));
  expect(file?.includes('org/tiny')).toBe(true);
});

it('says nothing of what is not a number', async () => {
  const tracker = tensorboard();
  await tracker.begin(trackedRun(path('skipping')));
  await tracker.onEvent(stepEvent(1, null));
  const [name = ''] = await readdir(path('skipping/tensorboard'));
  const file = await readFile(path('skipping/tensorboard', name));
  expect([file.includes('train/skipped'), file.includes('train/loss'), file.includes('NaN')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('keeps settings as what they are', () => {
  expect(settingsEvent(at, { a: 1 })).not.toEqual(settingsEvent(at, { a: '1' }));
});

const numbersOf = (step: number) => ({
  'train/loss': 1 / step,
  'train/promptLoss': 3,
  'train/completionLoss': 1 / step,
  'train/learningRate': 1e-3,
  'train/gradientNorm': 1,
  'train/epoch': step / 4,
  'train/tokens': 100,
  'train/tokensPerSecond': 10,
  'train/stepSeconds': 0.1,
  'train/residentBytes': 1e6,
});
