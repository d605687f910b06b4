import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { stopped, tried } from '../test-support/small-runs.ts';
import { HISTORY, logBegin, logEnd, readHistory } from './history.ts';

const path = temporaryFolder();

it('has a line for each time that somebody worked on a run, with command and machine', async () => {
  const output = await stopped(4, { command: 'counterweight train --model m' });
  await tried({ output, resume: true });
  const history = await readHistory(output);
  expect(history.map(({ what, step }) => [what, step])).toEqual([
    ['began', 0],
    ['began', 4],
    ['ended', 6],
  ]);
  expect(history[0]).toMatchObject({
    command: 'counterweight train --model m',
    machine: { cpuCount: expect.any(Number) },
  });
  expect(history[1]?.command).toBeUndefined();
  const times = history.map(({ time }) => Date.parse(time));
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

it('passes over lines that are cut or damaged, and over a folder that cannot be written to', async () => {
  const run = path('.');
  await logBegin(run, { step: 0 });
  await appendFile(join(run, HISTORY), 'null\n{"what":"began"}\n{"ti');
  expect(await readHistory(run)).toHaveLength(1);
  await logEnd(path('nowhere'), 3);
  expect(await readHistory(path('nowhere'))).toEqual([]);
});
