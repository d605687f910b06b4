import { readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { normalizeStep } from './batches/normalize-weights.ts';
import { openEngine } from './engine/open-engine.ts';
import type * as merging from './export/merge-adapter.ts';
import { plain } from './recipe/plain.ts';
import { currentEngine } from './tensor/engine.ts';
import { enginesToTest, skipWithoutBfloat16 } from './test-support/engines.ts';
import { temporaryFolder } from './test-support/folder.ts';
import { randomAdapter } from './test-support/random-adapter.ts';
import type { Batch } from './tokenization/example.ts';
import type { CheckResult } from './verify/check.ts';
import { CHECKS } from './verify/checks/index.ts';
import { type VerifyOptions, verify } from './verify.ts';

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
    if (fault.is !== 'a weight that changes' || !folder.endsWith('export')) return;
    const file = join(folder, 'model.safetensors');
    const bytes = readFileSync(file);
    bytes.writeFloatLE(bytes.readFloatLE(bytes.length - 4) + 1e-3, bytes.length - 4);
    writeFileSync(file, bytes);
  };
  return { ...actual, writeMerged };
});

const path = temporaryFolder();
const model = new URL('../../../models/stories260k', import.meta.url).pathname;
const methods = { full: { method: 'full' }, LoRA: { method: 'lora' }, DoRA: { method: 'lora', dora: true } } as const;
const engines = await enginesToTest();

beforeAll(() => {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    prompt: `Once upon a time there ${'was a dog and '.repeat(i % 4)}were ${i} cats`,
    completion: ` and ${i * i} dogs`,
  }));
  writeFileSync(path('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

afterEach(() => {
  fault.is = '';
});

type Training = NonNullable<VerifyOptions<never>['training']>;

const verified = (training: Training = {}, options: object = {}) =>
  verify({
    recipe: plain(),
    model,
    engine: engines.at(-1),
    data: path('rows.jsonl'),
    training: {
      ...(training.promptLossFraction === undefined && { promptLossWeight: 0.1 }),
      ...{ cache: false, ...training },
    },
    ...options,
  });

async function saveRandomAdapter(): Promise<void> {
  const { tensors } = await randomAdapter(model, path('adapter'), { dora: true });
  tf.dispose([...tensors.values()]);
}

const failed = (checks: readonly CheckResult[]) => checks.filter(({ pass }) => pass === false);
const skipped = (checks: readonly CheckResult[]) => checks.filter(({ pass }) => pass === null).map(({ name }) => name);
const leftBehind = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('counterweight-verify-'));

describe('verify', () => {
  it.each(Object.entries(methods))('passes with %s, and leaves nothing behind', async (name, method) => {
    const before = await leftBehind();
    const { pass, checks, looked } = await verified(method);
    expect(failed(checks)).toEqual([]);
    expect(pass).toBe(true);
    expect(skipped(checks)).toEqual([
      ...(engines.length > 1 ? [] : ['engines']),
      ...(name === 'full' ? ['merged'] : []),
    ]);
    expect(looked).toMatchObject({ rows: 8, of: 20 });
    expect((await leftBehind()).filter((folder) => !before.includes(folder))).toEqual([]);
  });

  it.each<Training>([
    { lossNormalization: 'token-count' },
    { lossNormalization: 'completion-count' },
    { lossNormalization: 'per-example' },
    { promptLossFraction: 0.3 },
    { labelSmoothing: 0.1, neftuneAlpha: 5, loraDropout: 0.1 },
    { loraPlusRatio: 16, gradientAccumulation: 4, modulesToSave: ['embed_tokens'] },
  ])('passes with %o', async (training) => {
    expect(failed((await verified(training)).checks)).toEqual([]);
  });

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

  it('skips what one row cannot tell, with the reason', async () => {
    const { pass, checks } = await verified({ maxRows: 1 });
    const oneRow = checks.filter(({ skipped }) => skipped === 'there is one row only').map(({ name }) => name);
    expect(oneRow).toEqual(['batch-size', 'accumulation', 'packing']);
    expect(skipped(checks)).toContain('shared-prefix');
    expect(pass).toBe(true);
  });

  it('computes in bf16 within what bf16 rounds', async ({ skip }) => {
    await openEngine(engines.at(-1));
    skipWithoutBfloat16({ skip });
    const { checks } = await verified({ precision: 'bf16' });
    expect(failed(checks)).toEqual([]);
    expect(checks.find(({ name }) => name === 'engines')?.skipped).toBe('other engines compute in f32 only');
  });

  it('takes an adapter that is there, and refuses one where every weight is trained', async () => {
    await saveRandomAdapter();
    expect(failed((await verified({}, { adapter: path('adapter') })).checks)).toEqual([]);
    await expect(verified({ method: 'full' }, { adapter: path('adapter') })).rejects.toMatchObject({
      code: 'option-invalid',
    });
  });
});
