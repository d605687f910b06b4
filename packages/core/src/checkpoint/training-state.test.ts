import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, copyFile, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { writeSums } from '../files/checksums.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { randomTensor } from '../test-support/gradients.ts';
import { tinyDecoder } from '../test-support/tiny-model.ts';
import type { LoopState } from '../training/loop.ts';
import { restoreTrainingState, saveTrainingState } from './training-state.ts';

const path = temporaryFolder();
const train = { rank: 2, alpha: 2, targets: ['q_proj'] };
let parameters: ParameterStore;

beforeAll(async () => {
  await openEngine('wasm');
});
beforeEach(() => {
  parameters = tinyDecoder({ train }).parameters;
});
afterEach(() => {
  parameters.dispose();
});

const vector = (seed: number) => randomTensor([parameters.trainableSize], seed) as tf.Tensor1D;
const stateAt = (step: number): LoopState => ({ step, adam: { mean: vector(1), variance: vector(2) } });
async function saved(name: string, step = 200): Promise<string> {
  const folder = path(name, 'step-000200');
  await mkdir(path(name), { recursive: true });
  await saveTrainingState(folder, { state: stateAt(step), parameters });
  return folder;
}

describe('a checkpoint', () => {
  it('gives back parameters, moments, step and control state, bit for bit', async () => {
    parameters.replaceVector(vector(3));
    const folder = path('step-000200');
    const control = { skipped: 2, somethingElse: { best: [0.1, null] } };
    await saveTrainingState(folder, { state: { ...stateAt(200), ...control }, parameters });
    const { parameters: fresh } = tinyDecoder({ train });
    expect(fresh.vector.dataSync()).not.toEqual(vector(3).dataSync());
    const { step, adam, ...rest } = await restoreTrainingState(folder, fresh);
    expect(step).toBe(200);
    expect(rest).toEqual(control);
    expect(fresh.vector.dataSync()).toEqual(vector(3).dataSync());
    expect(adam.mean.dataSync()).toEqual(vector(1).dataSync());
    expect(adam.variance.dataSync()).toEqual(vector(2).dataSync());
    // What the layers see is the restored vector too.
    for (const { name } of fresh.trainable) expect(fresh.get(name).dataSync()).toEqual(parameters.get(name).dataSync());
    tf.dispose([adam.mean, adam.variance]);
    fresh.dispose();
  });

  it('has what the run wants to have in it, under the same sums', async () => {
    const folder = path('with-more', 'step-000200');
    await mkdir(path('with-more'));
    const addFiles = (aside: string) => writeFile(join(aside, 'metrics.jsonl'), '{}\n');
    await saveTrainingState(folder, { state: stateAt(200), parameters, addFiles });
    expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', 'metrics.jsonl', 'progress.json', 'state.safetensors']);
    await appendFile(join(folder, 'metrics.jsonl'), '{}\n');
    await expect(restoreTrainingState(folder, parameters)).rejects.toThrow('metrics.jsonl is not what was written');
  });

  it.each([
    ['SHA256SUMS', 7],
    ['SHA256SUMS', 66],
    ['progress.json', 20],
    ['state.safetensors', 3],
    ['state.safetensors', 40],
    ['state.safetensors', -1],
  ])('with a flipped bit is refused: %s at %i', async (file, at) => {
    const folder = await saved(`flip-${file}-${at}`);
    const bytes = await readFile(join(folder, file));
    bytes.writeUInt8((bytes.at(at) as number) ^ 1, at < 0 ? bytes.length + at : at);
    await writeFile(join(folder, file), bytes);
    const before = parameters.vector.dataSync();
    await expect(restoreTrainingState(folder, parameters)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    expect(parameters.vector.dataSync()).toEqual(before);
  });

  it.each(['SHA256SUMS', 'progress.json', 'state.safetensors'])(
    'whose %s is cut, empty or missing is refused',
    async (file) => {
      const folder = await saved(`cut-${file}`);
      const spoil = async (how: (path: string) => Promise<void>) => {
        const copy = path(`cut-${file}-copy`, 'step-000200');
        await rm(copy, { recursive: true, force: true });
        await cp(folder, copy, { recursive: true });
        await how(join(copy, file));
        await expect(restoreTrainingState(copy, parameters)).rejects.toMatchObject({
          code: 'checkpoint-invalid',
          where: copy,
          problem: expect.stringContaining(file) as string,
        });
      };
      await spoil(async (spoilt) => truncate(spoilt, readFileSync(spoilt).length - 5));
      await spoil((spoilt) => truncate(spoilt, 0));
      await spoil((spoilt) => rm(spoilt));
    },
  );

  it('of another step than its folder says is refused, and one that is further than the run', async () => {
    await expect(restoreTrainingState(await saved('lies', 3), parameters)).rejects.toThrow('but of step 3');
    const folder = await saved('too-far');
    await expect(restoreTrainingState(folder, parameters, { lastStep: 100 })).rejects.toThrow('has 100 only');
  });

  it('whose progress lies is refused, also when its sum was made to fit', async () => {
    const folder = await saved('forged');
    for (const content of ['{}', '{"step":200}', '[]', 'null', '{"format":1,"step":200}']) {
      await writeFile(join(folder, 'progress.json'), content);
      await rm(join(folder, 'SHA256SUMS'));
      await writeSums(folder);
      await expect(restoreTrainingState(folder, parameters)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    }
  });

  it('of other parameters is refused: another size, or the same in another order', async () => {
    const folder = await saved('others');
    const { parameters: larger } = tinyDecoder({ train: { ...train, rank: 4 } });
    await expect(restoreTrainingState(folder, larger)).rejects.toThrow(/holds \d+ parameters with \d+ values, but/);
    larger.dispose();
    const [first, ...others] = parameters.trainable;
    const permuted = { ...parameters, trainable: [...others, first] } as ParameterStore;
    Object.defineProperty(permuted, 'vector', { get: () => parameters.vector });
    await expect(restoreTrainingState(folder, permuted)).rejects.toThrow('in another order or of other shapes');
  });

  it('with vectors of another size than it says is refused', async () => {
    const folder = await saved('short');
    const { parameters: smaller } = tinyDecoder({ train: { ...train, rank: 1 } });
    const other = path('smaller', 'step-000200');
    await mkdir(path('smaller'));
    const mean = tf.zeros([smaller.trainableSize]) as tf.Tensor1D;
    await saveTrainingState(other, { state: { step: 200, adam: { mean, variance: mean } }, parameters: smaller });
    smaller.dispose();
    await copyFile(join(other, 'state.safetensors'), join(folder, 'state.safetensors'));
    await rm(join(folder, 'SHA256SUMS'));
    await writeSums(folder);
    await expect(restoreTrainingState(folder, parameters)).rejects.toThrow('is not a vector of');
  });
});
