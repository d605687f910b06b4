import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { normalizeStep } from './batches/normalize-weights.ts';
import type * as merging from './export/merge-adapter.ts';
import { currentEngine } from './tensor/engine.ts';
import { engines, failed, verified } from './test-support/small-verifications.ts';
import type { Batch } from './tokenization/example.ts';
import type { CheckResult } from './verify/check.ts';
import { CHECKS } from './verify/checks/index.ts';

/** A mistake somewhere in the code that is verified: one at a time, by name; none by default. */
const fault = vi.hoisted(() => ({ is: '' }));

type Original<Module> = () => Promise<Module>;

vi.mock('./batches/batch.ts', async (original: Original<typeof import('./batches/batch.ts')>) => {
  const actual = await original();
  const packBatch: typeof actual.packBatch = (rows) => damaged(actual.packBatch(rows), rows[0]?.prefix ?? 0);
  return { ...actual, packBatch };
});

function damaged(batch: Batch, prefix: number): Batch {
  const { rows, length, targetWeights, positions, spans } = batch;
  // The last token of a row that is shorter than another.
  if (fault.is === 'a dropped token' && rows > 1) {
    const row = Array.from({ length: rows }, (_, r) => r).find((r) => targetWeights[(r + 1) * length - 1] === 0) ?? 0;
    const last = targetWeights.subarray(row * length, (row + 1) * length).findLastIndex((weight) => weight > 0);
    targetWeights[row * length + last] = 0;
  }
  if (fault.is === 'examples that see each other' && spans && prefix === 0) spans.starts.fill(0);
  if (fault.is === 'positions that go on' && spans && prefix > 0) for (let i = 0; i < length; i++) positions[i] = i;
  return batch;
}

vi.mock('./batches/normalize-weights.ts', async (original: Original<{ normalizeStep: typeof normalizeStep }>) => {
  const actual = await original();
  const each: typeof normalizeStep = (batches, options) => {
    const alone = batches.map((batch) => actual.normalizeStep([batch], options));
    const divided = ({ targetWeights, ...batch }: Batch): Batch => ({
      ...batch,
      targetWeights: targetWeights.map((weight) => weight / batches.length),
    });
    return { batches: alone.flatMap((step) => step.batches.map(divided)), weightSum: 1, denominator: 1 };
  };
  return {
    ...actual,
    normalizeStep: (...step: Parameters<typeof normalizeStep>) =>
      (fault.is === 'a mean of means' ? each : actual.normalizeStep)(...step),
  };
});

vi.mock('./model/layers/layer.ts', async (original: Original<typeof import('./model/layers/layer.ts')>) => {
  const actual = await original();
  const recomputed: typeof actual.recomputed = (layer) => {
    let times = 0;
    return actual.recomputed((input) => {
      const second = times++ > 0 && fault.is === 'a second pass that is another';
      const result = layer(input);
      if (!second) return result;
      return { ...result, pullback: (gradient) => result.pullback(tf.mul(gradient, 1.001)) };
    });
  };
  return { ...actual, recomputed };
});

vi.mock('./batches/loss-weights.ts', async (original: Original<typeof import('./batches/loss-weights.ts')>) => {
  const actual = await original();
  const roleWeights: typeof actual.roleWeights = (weights) => {
    const { promptLossWeight } = weights;
    const leaking = fault.is === 'a prompt that leaks' && promptLossWeight === 0;
    const halved = fault.is === 'a prompt that counts half' && promptLossWeight === 1;
    return actual.roleWeights({ ...weights, promptLossWeight: leaking ? 0.01 : halved ? 0.5 : promptLossWeight });
  };
  return { ...actual, roleWeights };
});

vi.mock('./training/loss/vocabulary-loss.ts', async (original) => {
  const actual = await original<typeof import('./training/loss/vocabulary-loss.ts')>();
  const vocabularyLossWithGradient: typeof actual.vocabularyLossWithGradient = (decoder, hidden, ...rest) => {
    const isOff = fault.is === 'an engine that is off' && currentEngine().name === 'wasm';
    return actual.vocabularyLossWithGradient(decoder, isOff ? tf.mul(hidden, 1.001) : hidden, ...rest);
  };
  return { ...actual, vocabularyLossWithGradient };
});

vi.mock('./checkpoint/training-state.ts', async (original) => {
  const actual = await original<typeof import('./checkpoint/training-state.ts')>();
  const restoreTrainingState: typeof actual.restoreTrainingState = async (...given) => {
    const state = await actual.restoreTrainingState(...given);
    if (fault.is !== 'moments that are forgotten') return state;
    return { ...state, adam: { ...state.adam, variance: tf.mul(state.adam.variance, 0.5) } };
  };
  return { ...actual, restoreTrainingState };
});

vi.mock('./export/merge-adapter.ts', async (original: Original<typeof merging>) => {
  const actual = await original();
  const mergeAdapter: typeof actual.mergeAdapter = async (base, adapter) => {
    const merged = await actual.mergeAdapter(base, adapter);
    // As if the last block had no adapter.
    const read = (name: string) => (name.includes('layers.4.') ? base : merged).read(name);
    return fault.is === 'a block that is not merged' ? { ...merged, read } : merged;
  };
  return { ...actual, mergeAdapter };
});

vi.mock('./export/write-merged.ts', async (original: Original<typeof import('./export/write-merged.ts')>) => {
  const actual = await original();
  const writeMerged: typeof actual.writeMerged = async (checkpoint, folder, options) => {
    await actual.writeMerged(checkpoint, folder, options);
    if (fault.is !== 'a weight that changes' || !/\bexport\b/.test(basename(folder))) return;
    const file = join(folder, 'model.safetensors');
    const bytes = readFileSync(file);
    bytes.writeFloatLE(bytes.readFloatLE(bytes.length - 4) + 1e-3, bytes.length - 4);
    writeFileSync(file, bytes);
  };
  return { ...actual, writeMerged };
});

afterEach(() => {
  fault.is = '';
});

describe('a fault that is planted', () => {
  const FAULTS = [
    { is: 'a dropped token', check: 'batch-size' },
    { is: 'a mean of means', check: 'accumulation' },
    { is: 'examples that see each other', check: 'packing' },
    { is: 'positions that go on', check: 'shared-prefix' },
    { is: 'a second pass that is another', check: 'recomputation' },
    { is: 'a prompt that leaks', check: 'prompt-weight-0' },
    { is: 'a prompt that counts half', check: 'prompt-weight-1' },
    { is: 'an engine that is off', check: 'engines' },
    { is: 'moments that are forgotten', check: 'resume' },
    { is: 'a block that is not merged', check: 'merged' },
    { is: 'a weight that changes', check: 'export' },
  ];

  it.for(FAULTS)('finds $is: $check fails, and nothing else', async ({ is, check }, { skip }) => {
    skip(check === 'engines' && engines.length === 1, 'there is one engine only');
    fault.is = is;
    const { pass, checks } = await verified();
    expect(failed(checks).map(({ name }) => name)).toEqual([check]);
    expect(pass).toBe(false);
    const [{ difference, tolerance, found, meaning } = {} as CheckResult] = failed(checks);
    expect(difference).toBeGreaterThan(tolerance);
    expect(found).toMatch(/\d/);
    expect(meaning).toMatch(/\.$/);
  });

  it('has a fault for every check', () => {
    expect(FAULTS.map(({ check }) => check)).toEqual(CHECKS.map(({ name }) => name));
  });
});
