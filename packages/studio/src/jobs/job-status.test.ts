import { describe, expect, it } from 'vitest';
import type { Job } from './job.ts';
import { type JobFacts, judge } from './job-status.ts';

const result = { result: { steps: 3 } };
const interrupted = { error: { code: 'interrupted', message: 'Stopped.' } };
const mistake = { error: { code: 'option-invalid', message: 'No.' } };
const untouched: JobFacts = { begun: undefined, isHeld: false, outcome: undefined, launchError: undefined };
const of = (wanted: Job['wanted'], facts: Partial<JobFacts>, attempt = 1) =>
  judge({ wanted, attempt }, { ...untouched, ...facts });

describe('the status of a job', () => {
  it('before it has begun is what is wanted of it', () => {
    expect([of('run', {}), of('pause', {}), of('stop', {})].map(({ status }) => status)).toEqual([
      'queued',
      'paused',
      'stopped',
    ]);
  });

  it('while a process is at it tells what that was asked', () => {
    const facts = { begun: 1, isHeld: true };
    expect([of('run', facts), of('pause', facts), of('stop', facts)].map(({ status }) => status)).toEqual([
      'running',
      'pausing',
      'stopping',
    ]);
  });

  it('after its process is what was wanted, or interrupted', () => {
    for (const outcome of [undefined, interrupted]) {
      const facts = { begun: 1, outcome };
      expect([of('run', facts), of('pause', facts), of('stop', facts)].map(({ status }) => status)).toEqual([
        'interrupted',
        'paused',
        'stopped',
      ]);
    }
  });

  it('is removed where that is wanted and no process is at it', () => {
    expect(of('remove', {}).status).toBe('removed');
    expect(of('remove', { begun: 1, outcome: mistake }).status).toBe('removed');
    expect(of('remove', { begun: 1, isHeld: true }).status).toBe('stopping');
    expect(of('remove', { begun: 1, outcome: result }).status).toBe('done');
  });

  it('is done where there is a result, whatever was wanted meanwhile', () => {
    for (const wanted of ['run', 'pause', 'stop'] as const) {
      expect(of(wanted, { begun: 1, outcome: result })).toEqual({ status: 'done', ...result });
    }
    expect(of('run', { begun: 1, outcome: result }, 2).status).toBe('done');
  });

  it('is failed with what the command said, also where a pause was wanted', () => {
    expect(of('run', { begun: 1, outcome: mistake })).toEqual({ status: 'failed', ...mistake });
    expect(of('pause', { begun: 1, outcome: mistake }).status).toBe('failed');
  });

  it('takes nothing from an attempt before', () => {
    expect(of('run', { begun: 1, outcome: mistake }, 2)).toEqual({ status: 'queued' });
    expect(of('run', { begun: 1 }, 2)).toEqual({ status: 'queued' });
    expect(of('pause', { begun: 1, outcome: interrupted }, 2)).toEqual({ status: 'paused' });
  });

  it('is failed where its process could not begin, as long as it should', () => {
    const launchError = { code: 'unexpected', message: 'spawn ENOENT' };
    expect(of('run', { launchError })).toEqual({ status: 'failed', error: launchError });
    expect(of('pause', { launchError })).toEqual({ status: 'paused' });
    expect(of('run', { begun: 1, launchError })).toEqual({ status: 'interrupted' });
  });
});
