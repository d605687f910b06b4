import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConstants } from './constants.ts';
import { efficiencyOf, jobOf, slowdownOf, stepOf, sweepOf } from './simulate.ts';
import { page, written } from './tables.ts';

const constants = readConstants();
/** 20 MB of gradient, and micro-batches of a second. */
const method = { trainable: 5e6, tokens: 1000, microBatchSeconds: 1, variation: 0.1, startSeconds: 10 };
const setup = { constants, method, microBatches: 8, link: '10 GbE' } as const;

it('the tables of docs/scaling.md are what the simulator says (`node experiments/scaling/write-tables.ts`)', () => {
  const text = readFileSync(page, 'utf8');
  expect(written(text, constants)).toBe(text);
});

describe('a step', () => {
  it('sends nothing alone, and twice the others’ share of the gradient among eight', () => {
    expect(stepOf({ ...setup, workers: 1 })).toMatchObject({ words: 0, sum: 0, sentBytes: 0, compute: 8 });
    const { sum, sentBytes, compute } = stepOf({ ...setup, workers: 8 });
    expect(compute).toBe(1);
    // 20 MB × 7/8, there and back.
    expect(sentBytes).toBe(35e6);
    // At nine tenths of 1.25 GB/s, and twice 50 µs.
    expect(sum).toBeCloseTo(35e6 / 1.125e9 + 1e-4, 6);
  });

  it('is bound by messages where parts are small', () => {
    const { sum } = stepOf({ ...setup, method: { ...method, trainable: 1000 }, workers: 512, microBatches: 512 });
    expect(sum).toBeCloseTo(2 * (50e-6 + 511 * 5e-6), 9);
  });

  it('updates a share of the moments where they are sharded', () => {
    const whole = stepOf({ ...setup, workers: 8 });
    expect(stepOf({ ...setup, workers: 8, sharded: true }).update).toBeCloseTo(whole.update / 8, 12);
  });

  it('of one machine is efficient, and of eight nearly', () => {
    expect(efficiencyOf({ ...setup, workers: 1 })).toBe(1);
    expect(efficiencyOf({ ...setup, workers: 8 })).toBeGreaterThan(0.8);
    expect(efficiencyOf({ ...setup, workers: 8 })).toBeLessThan(1);
  });

  it('waits for the latest', () => {
    const eight = { ...setup, workers: 8 };
    expect(slowdownOf(eight, { variation: 0 })).toBeCloseTo(1, 9);
    expect(slowdownOf(eight, { variation: 0, slowest: 2 })).toBeGreaterThan(1.8);
    // The mean of the largest of eight standard normal numbers is 1.42.
    const { compute, total } = stepOf(eight);
    expect(slowdownOf(eight, { variation: 0.1, steps: 4000 })).toBeCloseTo(1 + (0.142 * compute) / total, 2);
  });
});

describe('a job', () => {
  const job = { workHours: 10, workers: 4, checkpointSeconds: 0, restartSeconds: 0, hoursBetweenFailures: 1e12 };
  it('takes its time where nothing fails', () => {
    expect(jobOf({ ...job, checkpointSeconds: 36 }, 3).hours).toBeCloseTo(10, 1);
  });
  it('fails as often as its machines do, and takes longer for it', () => {
    const failing = jobOf({ ...job, checkpointSeconds: 1, restartSeconds: 60, hoursBetweenFailures: 20 });
    // 10 hours of four machines that fail once in 20 each: two failures, and a little more for the time they cost.
    expect(failing.failures).toBeGreaterThan(1.8);
    expect(failing.failures).toBeLessThan(2.6);
    expect(failing.hours).toBeGreaterThan(10 + (2 * 60) / 3600);
  });
});

describe('a sweep', () => {
  const sweep = { trials: 8, trialSeconds: 100, machines: 4, modelBytes: 1e9, isCached: true, variation: 0 };
  it('takes two rounds of four machines, after the model has come', () => {
    // 4 GB at 25 Gb/s are 1.28 s.
    const { hours, fetchedBytes, speedup } = sweepOf(sweep);
    expect(3600 * hours).toBeCloseTo(201.28, 6);
    expect(fetchedBytes).toBe(4e9);
    expect(speedup).toBeCloseTo(800 / 201.28, 6);
  });
  it('fetches the model again for every trial that does not find it', () => {
    expect(sweepOf({ ...sweep, isCached: false }).fetchedBytes).toBe(8e9);
  });
});
