import { afterEach, describe, expect, it, vi } from 'vitest';
import { stopped, tried } from '../test-support/small-runs.ts';
import { finished, stepEvent, trackedRun } from '../test-support/tracked-run.ts';
import type { TrainingEvent } from '../training/events.ts';
import type { Tracker } from './tracker.ts';
import { startTracking } from './tracking.ts';

const later = () => new Promise((resolve) => setTimeout(resolve, 2));

/** Writes down what it is told, each a while after it was told. */
function slow(changes: Partial<Tracker> = {}) {
  const told: string[] = [];
  const tell = async (what: string) => {
    await later();
    told.push(what);
  };
  const tracker: Tracker = {
    name: 'slow',
    begin: ({ step }) => tell(`begin ${step}`),
    onEvent: (event) => tell(event.type === 'step' ? `step ${event.metrics.step}` : event.type),
    end: ({ status }) => tell(status),
    ...changes,
  };
  return { told, tracker };
}

const run = trackedRun('/somewhere/runs/first');

describe('a tracker', () => {
  it('is told one thing after the other, what came before the run begins after that, and is waited for', async () => {
    const { told, tracker } = slow();
    const tracking = startTracking({ trackers: [tracker] });
    tracking.onEvent?.({ type: 'log-restored', file: 'metrics.jsonl' });
    tracking.begin(run);
    tracking.onEvent?.(stepEvent(1));
    tracking.onEvent?.(stepEvent(2));
    await tracking.end(finished);
    expect(told).toEqual(['begin 0', 'log-restored', 'step 1', 'step 2', 'finished']);
  });

  it('that fails is told of once, and goes on being told; others know nothing of it', async () => {
    const events: TrainingEvent[] = [];
    const sound = slow();
    const failing = slow({
      name: 'failing',
      onEvent: () => {
        throw new Error('no route');
      },
    });
    const trackers = [failing.tracker, sound.tracker];
    const tracking = startTracking({ trackers, onEvent: (event) => events.push(event) });
    tracking.begin(run);
    tracking.onEvent?.(stepEvent(1));
    tracking.onEvent?.(stepEvent(2));
    await tracking.end(finished);
    expect(sound.told).toEqual(['begin 0', 'step 1', 'step 2', 'finished']);
    expect(failing.told).toEqual(['begin 0', 'finished']);
    expect(events.filter(({ type }) => type === 'tracker-failed')).toEqual([
      { type: 'tracker-failed', tracker: 'failing', message: 'no route' },
    ]);
  });

  it('that cannot begin is told nothing more', async () => {
    const events: TrainingEvent[] = [];
    const refused = slow({ begin: () => Promise.reject(new Error('wrong key')) });
    const tracking = startTracking({ trackers: [refused.tracker], onEvent: (event) => events.push(event) });
    tracking.begin(run);
    tracking.onEvent?.(stepEvent(1));
    await tracking.end(finished);
    expect(refused.told).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['step', 'tracker-failed']);
  });

  it('hears nothing of a run that was refused', async () => {
    const { told, tracker } = slow();
    await startTracking({ trackers: [tracker] }).end({ status: 'failed', error: new Error('no rows') });
    expect(told).toEqual([]);
  });
});

describe('a tracker that never answers', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['finished', 30_000],
    ['stopped', 5_000],
  ] as const)('is waited for when a run has %s for %d ms', async (status, patience) => {
    vi.useFakeTimers();
    const events: TrainingEvent[] = [];
    const { tracker } = slow({ onEvent: () => new Promise(() => {}) });
    const tracking = startTracking({ trackers: [tracker], onEvent: (event) => events.push(event) });
    tracking.begin(run);
    tracking.onEvent?.(stepEvent(1));
    let ended = false;
    const end = tracking.end(status === 'finished' ? finished : { status, error: new Error('stop') });
    end.then(() => {
      ended = true;
    });
    await vi.advanceTimersByTimeAsync(patience - 1);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'tracker-failed', tracker: 'slow' });
  });
});

describe('a run', () => {
  it('tells its trackers from where it begins to its end, and again from where it is resumed', async () => {
    const first = slow();
    const output = await stopped(2, { trackers: [first.tracker] });
    expect(first.told).toEqual(['begin 0', 'start', 'step 1', 'step 2', 'checkpoint', 'stopped']);
    const second = slow();
    await tried({ output, resume: true, trackers: [second.tracker] });
    expect(second.told).toContain('step 3');
    expect([second.told[0], second.told.includes('step 2'), second.told.at(-1)]).toEqual([
      'begin 2',
      false,
      'finished',
    ]);
    const third = slow();
    await tried({ output, resume: true, trackers: [third.tracker] });
    expect(third.told).toEqual(['begin 6', 'already-finished', 'finished']);
  });

  it('ends as it would have where a tracker fails', async () => {
    const failing = slow({ begin: () => Promise.reject(new Error('gone')) });
    const { result, events } = await tried({ trackers: [failing.tracker] });
    expect(result?.steps).toBe(6);
    expect(events.filter(({ type }) => type === 'tracker-failed')).toHaveLength(1);
  });
});
