import type { TrainingEvent } from '@counterweight/core';
import { expect, it } from 'vitest';
import { noteOf } from './training-notes.ts';

it.each<[TrainingEvent, string]>([
  [{ type: 'evaluation-failed', step: 0, message: 'no sandbox' }, 'before training  evaluation failed: no sandbox'],
  [{ type: 'checkpoint', step: 3, folder: 'R/c' }, 'step 3  checkpoint in R/c'],
  [
    { type: 'checkpoint-skipped', folder: 'R/c', message: 'a sum is wrong' },
    'note: the checkpoint in R/c is damaged, the one before is used: a sum is wrong',
  ],
  [
    { type: 'log-restored', file: 'R/metrics.jsonl' },
    'note: R/metrics.jsonl was cut, missing or changed; it is as it was at the checkpoint again',
  ],
  [
    { type: 'saving-failed', path: 'R/adapter', message: 'full', secondsLeft: 59.2 },
    'note: R/adapter cannot be written, tried again for 60 s: full',
  ],
  [
    { type: 'saving-failed', path: 'R/report.html', message: 'full', secondsLeft: null },
    'note: R/report.html cannot be written, the run goes on without: full',
  ],
  [{ type: 'saved', step: 9, folder: 'R/adapter' }, 'step 9  saved in R/adapter'],
  [
    { type: 'already-finished', steps: 9 },
    'note: the run is finished, all of its 9 steps are done and saved; nothing is trained again',
  ],
])('%j is told', (event, note) => {
  expect(noteOf(event)).toBe(note);
});

it('says nothing of what a bar shows', () => {
  expect(noteOf({ type: 'evaluation-progress', part: 'losses', done: 1, of: 2 })).toBeUndefined();
  const estimate = { type: 'evaluation-estimate', rows: 500, seconds: 40 } as const;
  expect(noteOf({ ...estimate, outputs: 2000 })).toBe('evaluating 500 rows, writing 2,000 outputs: about 0:40 at most');
  expect(noteOf({ ...estimate, outputs: 0 })).toBe('evaluating 500 rows: about 0:40 at most');
});
