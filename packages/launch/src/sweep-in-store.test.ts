import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planTrials } from '@counterweight/core';
import { expect, it } from 'vitest';
import { launchSweep } from './launch-sweep.ts';
import { fakeCluster } from './test-support/fake-executor.ts';
import { plan, sweepsInStore } from './test-support/sweep-homes.ts';

it('a launch has a trial done whose results are on this machine alone', async () => {
  const home = await sweepsInStore();
  const sweep = await home.newSweep(plan);
  await sweep.pull();
  const { submitted, executor } = fakeCluster(() => 'done', home.leave);
  const [first] = await planTrials(sweep.folder);
  const trial = join(sweep.folder, 'trials', first?.trial.id ?? '');
  await mkdir(trial, { recursive: true });
  await writeFile(join(trial, 'outcome.json'), '{"validation":{}}');
  await writeFile(join(trial, 'done'), '{"seconds":1}');
  expect((await launchSweep({ sweep, executor, command: ['worker'], atOnce: 8 })).done).toBe(4);
  expect(submitted.map(({ items }) => items.length)).toEqual([4]);
  await home.remove();
});
