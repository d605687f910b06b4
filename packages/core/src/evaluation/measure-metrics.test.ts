import { describe, expect, it } from 'vitest';
import { meanOf } from '../recipe/metric.ts';
import type { Metric, Prediction } from '../recipe/recipe.ts';
import { measureMetrics } from './measure-metrics.ts';

interface Row {
  readonly id: number;
}

const metric = (name: string, compute: Metric<Row>['compute']): Metric<Row> => ({
  name,
  direction: 'higher-is-better',
  definition: 'for a test',
  compute,
});
const predictions: Prediction<Row>[] = [{ row: { id: 1 }, text: 'a' }];

describe('measureMetrics', () => {
  it('waits for each metric, and leaves out those that found nothing to measure', async () => {
    const later = metric('later', async (all) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return all.length;
    });
    const metrics = [later, metric('none', () => Number.NaN), metric('two', () => 2)];
    expect((await measureMetrics(metrics, predictions)).metrics).toEqual({ later: 1, two: 2 });
    expect(await measureMetrics(metrics, [])).toEqual({ metrics: {}, scores: [], failed: {} });
  });

  it('tells how far a metric is, by its name', async () => {
    const told: unknown[] = [];
    const slow = metric('slow', (_, onProgress) => {
      onProgress?.(3, 7);
      return 0;
    });
    await measureMetrics([slow], predictions, { onProgress: (...progress) => told.push(progress) });
    expect(told).toEqual([['slow', 3, 7]]);
  });

  it('scores every output, and makes the mean of a mean from what was scored', async () => {
    let asked = 0;
    const length = meanOf<Row>({
      name: 'length',
      direction: 'descriptive',
      definition: 'characters; rows below 2 have nothing to measure',
      score: ({ id }, text) => {
        asked++;
        return id < 2 ? Number.NaN : text.length;
      },
    });
    const first: Metric<Row> = { ...metric('firstOnly', () => 0.25), perRow: async ({ row }) => row.id };
    const given = [1, 2, 3].map((id) => ({ row: { id }, text: 'x'.repeat(id) }));
    const { metrics, scores } = await measureMetrics([length, first], given);
    expect(metrics).toEqual({ length: 2.5, firstOnly: 0.25 });
    expect(scores).toEqual([{ firstOnly: 1 }, { length: 2, firstOnly: 2 }, { length: 3, firstOnly: 3 }]);
    expect(asked).toBe(3);
    expect(length.compute(given)).toBe(2.5);
  });

  it('loses nothing but the number of a metric that throws', async () => {
    const broken = new Error('no sandbox left');
    const metrics = [metric('one', () => 1), metric('broken', () => Promise.reject(broken)), metric('two', () => 2)];
    const measured = await measureMetrics(metrics, predictions);
    expect(measured.metrics).toEqual({ one: 1, two: 2 });
    expect(measured.failed).toEqual({ broken });
  });

  it('tells a score that is no number', async () => {
    const nothing = { ...metric('nothing', () => 1), perRow: () => undefined as never };
    const metrics = [nothing, metric('text', () => 'x' as never), metric('one', () => 1)];
    const measured = await measureMetrics(metrics, predictions);
    expect(measured.metrics).toEqual({ one: 1 });
    expect(measured.failed).toMatchObject({
      nothing: { message: 'a score is to be a number, and is undefined' },
      text: { message: 'a score is to be a number, and is "x"' },
    });
  });

  it('hears a signal within a metric that waits for nothing but its own progress', async () => {
    const reason = new Error('stopped');
    const aborting = new AbortController();
    setImmediate(() => aborting.abort(reason));
    const busy = metric('busy', async (_, onProgress) => {
      for (let done = 0; !aborting.signal.aborted; done++) await onProgress?.(done, Infinity);
      return 1;
    });
    await expect(measureMetrics([busy], predictions, { signal: aborting.signal })).rejects.toBe(reason);
  });

  it('stops waiting for a metric, and between two scores, with the reason of the signal', async () => {
    const reason = new Error('stopped');
    const aborting = new AbortController();
    const endless = metric('endless', () => new Promise<number>(() => setImmediate(() => aborting.abort(reason))));
    await expect(measureMetrics([endless], predictions, { signal: aborting.signal })).rejects.toBe(reason);
    let scored = 0;
    const perRow = async () => new Promise<number>((resolve) => setImmediate(() => resolve(scored++)));
    const later = new AbortController();
    setTimeout(() => later.abort(reason), 20);
    const many = Array.from({ length: 1_000_000 }, () => predictions[0] as Prediction<Row>);
    const slow: Metric<Row> = { ...metric('slow', () => 0), perRow };
    await expect(measureMetrics([slow], many, { signal: later.signal })).rejects.toBe(reason);
    expect(scored).toBeLessThan(many.length);
  });
});
