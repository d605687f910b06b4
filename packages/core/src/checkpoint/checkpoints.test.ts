import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { randomTensor } from '../test-support/gradients.ts';
import { tinyDecoder } from '../test-support/tiny-model.ts';
import { bestCheckpoint, keepAsBest, newestCheckpoint, restoreNewest, saveCheckpoint } from './checkpoints.ts';
import { restoreTrainingState } from './training-state.ts';

const path = temporaryFolder();
let parameters: ParameterStore;

beforeAll(async () => {
  await openEngine('wasm');
});
beforeEach(() => {
  parameters = tinyDecoder({ train: { rank: 2, alpha: 2, targets: ['q_proj'] } }).parameters;
});
afterEach(() => {
  parameters.dispose();
});

const vector = (seed: number) => randomTensor([parameters.trainableSize], seed) as tf.Tensor1D;
const save = (folder: string, step: number, keep = 2) =>
  saveCheckpoint(folder, { state: { step, adam: { mean: vector(1), variance: vector(2) } }, parameters }, keep);

/** The step gone on with, and what was said about others. */
async function resumed(
  folder: string,
  lastStep = 1000,
  keep = 9,
): Promise<{ step: number | undefined; skipped: string[] }> {
  const skipped: string[] = [];
  const onSkipped = (_: string, error: Error) => skipped.push(error.message);
  const restored = await restoreNewest(folder, parameters, { lastStep, keep, onSkipped });
  if (restored) tf.dispose([restored.state.adam.mean, restored.state.adam.variance]);
  return { step: restored?.state.step, skipped };
}

describe('checkpoints', () => {
  it('are whole or absent: what was being written is not taken for one, and is removed', async () => {
    const folder = path('partial');
    expect(await newestCheckpoint(folder)).toBeUndefined();
    expect(await resumed(folder)).toEqual({ step: undefined, skipped: [] });
    await save(folder, 10);
    await mkdir(join(folder, 'step-000020.partial'), { recursive: true });
    expect(await newestCheckpoint(folder)).toBe(join(folder, 'step-000010'));
    expect(await resumed(folder)).toEqual({ step: 10, skipped: [] });
    expect(await readdir(folder)).toEqual(['step-000010']);
  });

  it('replace the one of the same step', async () => {
    await save(path('again'), 5);
    parameters.replaceVector(vector(9));
    await restoreTrainingState(await save(path('again'), 5), parameters);
    expect(parameters.vector.dataSync()).toEqual(vector(9).dataSync());
  });

  it('make room: the newest are kept, by step and not by name', async () => {
    const folder = path('keep');
    for (const step of [1, 2, 3, 999_999, 1_000_000]) await save(folder, step, 3);
    expect((await readdir(folder)).sort()).toEqual(['step-000003', 'step-1000000', 'step-999999']);
    expect(await newestCheckpoint(folder)).toBe(join(folder, 'step-1000000'));
  });

  it('make room when a run is resumed that was interrupted before it had', async () => {
    const folder = path('room');
    for (const step of [1, 2, 3]) await save(folder, step, 9);
    expect(await resumed(folder, 1000, 2)).toEqual({ step: 3, skipped: [] });
    expect(await readdir(folder)).toEqual(['step-000002', 'step-000003']);
  });

  it('that are damaged leave their place to the one before, and that is said', async () => {
    const folder = path('damaged');
    for (const step of [3, 6]) await save(folder, step, 3);
    await truncate(join(await save(folder, 9, 3), 'state.safetensors'), 100);
    await mkdir(join(folder, 'step-000012'));
    const { step, skipped } = await resumed(folder);
    expect(step).toBe(6);
    expect(skipped).toEqual([expect.stringContaining('SHA256SUMS'), expect.stringContaining('state.safetensors')]);
    // They do not count among the ones to keep.
    await save(folder, 7, 1);
    expect((await readdir(folder)).sort()).toEqual(['damaged-step-000009', 'damaged-step-000012', 'step-000007']);
  });

  it('of which none is sound are no reason to begin from the beginning unasked', async () => {
    const folder = path('all-damaged');
    await truncate(join(await save(folder, 3), 'progress.json'), 0);
    await expect(resumed(folder)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    expect(await readdir(folder)).toEqual(['step-000003']);
  });

  it('beyond the end of the run are not taken', async () => {
    const folder = path('beyond');
    for (const step of [3, 6]) await save(folder, step);
    expect(await resumed(folder, 5)).toMatchObject({ step: 3 });
  });

  it('keep the best beside the newest', async () => {
    const folder = path('best');
    parameters.replaceVector(vector(4));
    await keepAsBest(folder, await save(folder, 1));
    parameters.replaceVector(vector(5));
    await keepAsBest(folder, await save(folder, 2));
    parameters.replaceVector(vector(6));
    for (const step of [3, 4]) await save(folder, step);
    expect((await readdir(folder)).sort()).toEqual(['best', 'step-000003', 'step-000004']);
    expect(await restoreTrainingState(bestCheckpoint(folder), parameters)).toMatchObject({ step: 2 });
    expect(parameters.vector.dataSync()).toEqual(vector(5).dataSync());
  });

  it('do not lose the best to an interruption while it is replaced', async () => {
    const folder = path('best-interrupted');
    await keepAsBest(folder, await save(folder, 1));
    await rename(join(folder, 'best'), join(folder, 'best.old.partial'));
    await mkdir(join(folder, 'best.partial'));
    expect(await resumed(folder)).toMatchObject({ step: 1 });
    expect(existsSync(join(folder, 'best', 'progress.json'))).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['best', 'step-000001']);
  });
});
