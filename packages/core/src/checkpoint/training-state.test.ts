import { mkdir, readdir } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { randomTensor } from '../test-support/gradients.ts';
import { tinyDecoder } from '../test-support/tiny-model.ts';
import { newestCheckpoint, restoreTrainingState, saveTrainingState } from './training-state.ts';

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
  saveTrainingState(folder, { step, parameters, adam: { mean: vector(1), variance: vector(2) } }, keep);

describe('a checkpoint', () => {
  it('gives back parameters, moments and step, bit for bit', async () => {
    parameters.replaceVector(vector(3));
    const folder = await save(path('same'), 200);
    expect(folder.endsWith('step-000200')).toBe(true);
    const { parameters: fresh } = tinyDecoder({ train: { rank: 2, alpha: 2, targets: ['q_proj'] } });
    expect(fresh.vector.dataSync()).not.toEqual(vector(3).dataSync());
    const { step, adam } = await restoreTrainingState(folder, fresh);
    expect(step).toBe(200);
    expect(fresh.vector.dataSync()).toEqual(vector(3).dataSync());
    expect(adam.mean.dataSync()).toEqual(vector(1).dataSync());
    expect(adam.variance.dataSync()).toEqual(vector(2).dataSync());
    // What the layers see is the restored vector too.
    for (const { name } of fresh.trainable) expect(fresh.get(name).dataSync()).toEqual(parameters.get(name).dataSync());
    tf.dispose([adam.mean, adam.variance]);
    fresh.dispose();
  });

  it('is whole or absent: what was being written is not taken for one, and is overwritten', async () => {
    const folder = path('partial');
    expect(await newestCheckpoint(folder)).toBeUndefined();
    await mkdir(path('partial', 'step-000020.partial'), { recursive: true });
    expect(await newestCheckpoint(folder)).toBeUndefined();
    await save(folder, 10);
    expect(await newestCheckpoint(folder)).toBe(path('partial', 'step-000010'));
    await save(folder, 20);
    expect((await readdir(folder)).sort()).toEqual(['step-000010', 'step-000020']);
    expect((await readdir(path('partial', 'step-000020'))).sort()).toEqual(['progress.json', 'state.safetensors']);
  });

  it('replaces the one of the same step', async () => {
    await save(path('again'), 5);
    parameters.replaceVector(vector(9));
    await restoreTrainingState(await save(path('again'), 5), parameters);
    expect(parameters.vector.dataSync()).toEqual(vector(9).dataSync());
  });

  it('makes room: the newest are kept, by step and not by name', async () => {
    for (const step of [1, 2, 3, 999_999, 1_000_000]) await save(path('keep'), step, 3);
    expect((await readdir(path('keep'))).sort()).toEqual(['step-000003', 'step-1000000', 'step-999999']);
    expect(await newestCheckpoint(path('keep'))).toBe(path('keep', 'step-1000000'));
  });
});
