import { describe, expect, it } from 'vitest';
import type { JobKind, JobState, JobStatus } from './job.ts';
import { nextOf } from './queue.ts';
import { grant } from './wishes.ts';

const job = (id: string, at: number, status: JobStatus, kind: JobKind = 'train'): JobState => ({
  ...{ id, kind, status, options: {}, output: `/runs/${id}`, cwd: '/', wanted: 'run', attempt: 1 },
  createdAt: `2026-01-01T00:00:0${at}.000Z`,
  queuedAt: `2026-01-01T00:00:0${at}.000Z`,
});
const none = new Set<string>();

describe('the queue', () => {
  it('starts the oldest, as many as may run', () => {
    const jobs = [job('c', 3, 'queued'), job('a', 1, 'done'), job('b', 2, 'queued'), job('d', 4, 'queued', 'sweep')];
    expect(nextOf(jobs, none, 1)).toEqual(['b']);
    expect(nextOf(jobs, none, 2)).toEqual(['b', 'c']);
    expect(nextOf(jobs, none, 9)).toEqual(['b', 'c', 'd']);
  });

  it('counts what saves before it ends, and what was started a moment ago', () => {
    expect(nextOf([job('a', 1, 'pausing'), job('b', 2, 'queued')], none, 1)).toEqual([]);
    expect(nextOf([job('a', 1, 'queued'), job('b', 2, 'queued')], new Set(['a']), 1)).toEqual([]);
    expect(nextOf([job('a', 1, 'queued'), job('b', 2, 'queued')], new Set(['a']), 2)).toEqual(['b']);
  });

  it('lets exports wait for nothing, and nothing wait for them', () => {
    const jobs = [job('a', 1, 'running'), job('b', 2, 'queued', 'export'), job('c', 3, 'queued')];
    expect(nextOf(jobs, none, 1)).toEqual(['b']);
    expect(nextOf([job('a', 1, 'running', 'export'), job('b', 2, 'queued')], none, 1)).toEqual(['b']);
  });
});

describe('a wish', () => {
  const now = '2026-01-01T00:01:00.000Z';
  const { status: _, ...first } = job('a', 1, 'queued');

  it('takes a job out of the queue and puts it back, a paused one in its place', () => {
    const paused = grant('pause', first, 'queued', now);
    expect(paused).toMatchObject({ wanted: 'pause', attempt: 1 });
    expect(grant('resume', paused, 'paused', now)).toEqual({ ...first, attempt: 2 });
    const stopped = grant('stop', paused, 'paused', now);
    expect(stopped.wanted).toBe('stop');
    expect(grant('resume', stopped, 'stopped', now)).toEqual({ ...first, attempt: 2, queuedAt: now });
    expect(grant('resume', first, 'failed', now)).toEqual({ ...first, attempt: 2, queuedAt: now });
    expect(grant('resume', first, 'interrupted', now)).toMatchObject({ wanted: 'run', attempt: 2 });
  });

  it('that does not apply changes nothing', () => {
    for (const status of ['done', 'failed', 'interrupted', 'stopped', 'paused'] as const) {
      expect(grant('pause', first, status, now)).toBe(first);
    }
    for (const status of ['done', 'failed', 'interrupted', 'stopped'] as const) {
      expect(grant('stop', first, status, now)).toBe(first);
    }
    for (const status of ['queued', 'running', 'done'] as const)
      expect(grant('resume', first, status, now)).toBe(first);
  });
});
