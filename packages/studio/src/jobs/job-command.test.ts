import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { JobRequest } from './job.ts';
import { commandOf } from './job-command.ts';
import { newJob } from './new-job.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-'));
afterAll(() => rmSync(folder, { recursive: true }));
const output = join(folder, 'First run!');
const of = (request: Omit<JobRequest, 'output'>, goesOn = false) =>
  commandOf(newJob({ ...request, output }, '2026-01-01T00:00:00.000Z', '/work'), '/jobs/one', goesOn);
const config = join('/jobs/one', 'config.json');

it('tells a training to go on where there is something to go on with', () => {
  const train = { kind: 'train', options: { model: 'org/name' } } as const;
  const events = join('/jobs/one', 'events.jsonl');
  const fresh = ['train', '--config', config, '--events', events, '--output', output, '--json'];
  expect(of(train, true)).toEqual(fresh);
  mkdirSync(output);
  writeFileSync(join(output, 'run.json'), '{}');
  expect(of(train, true)).toEqual([...fresh, '--resume']);
  // Somebody else's run.
  expect(of(train, false)).toEqual(fresh);
});

it('gives a sweep its file and an export its flags', () => {
  expect(of({ kind: 'sweep', options: {} }, true)).toEqual(['sweep', '--config', config, '--output', output, '--json']);
  expect(of({ kind: 'export', options: { run: '-odd', to: 'gguf', type: undefined, someName: 3 } })).toEqual([
    ...['export', '--to', 'gguf', '--some-name', '3', '--output', output, '--json', '--', '-odd'],
  ]);
});

it('names a job by its kind, its output and its time', () => {
  expect(newJob({ kind: 'train', options: {}, output }, '2026-01-02T03:04:05.006Z', '/work').id).toBe(
    'train-First-run-20260102030405006',
  );
  expect(newJob({ kind: 'export', options: {}, output: '/ü' }, '2026-01-02T03:04:05.006Z', '/work').id).toBe(
    'export-job-20260102030405006',
  );
});
