import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { adaptedPartsOf } from '../../model/parameters/parameter-table.ts';
import { createRandom } from '../../random.ts';
import { tinyDecoder } from '../../test-support/tiny-model.ts';
import type { TrainableDecoder } from '../../training/step.ts';
import { measureDistance } from './distance.ts';

beforeAll(async () => void (await openEngine('wasm')));

/** Moves every trainable weight a little. @returns where they were */
function moved({ parameters }: TrainableDecoder): tf.Tensor1D {
  const before = tf.tensor1d(parameters.vector.dataSync<'float32'>().slice());
  const random = createRandom(3);
  const change = Float32Array.from({ length: before.size }, () => 0.1 * (random.uniform() - 0.5));
  parameters.replaceVector(tf.tidy(() => tf.add(before, tf.tensor1d(change))));
  return before;
}

/** The weights a part multiplies by, as a matrix on the host: with its adapter's product, with DoRA's lengths. */
function effective({ parameters }: TrainableDecoder, place: ReturnType<typeof adaptedPartsOf>[number]): number[][] {
  const { linear, part, row, rankOffset } = place;
  const { rank, scale, dora } = part.adapter;
  const rows = (name: string) => parameters.get(name).arraySync() as number[][];
  const [w, a, b] = [rows(`${linear.name}.weight`), rows(`${linear.name}.lora_A`), rows(`${part.name}.lora_B`)];
  const m = dora ? (parameters.get(`${part.name}.lora_magnitude`).arraySync() as number[]) : [];
  return Array.from({ length: part.outputs }, (_, i) => {
    const own = (w[row + i] as number[]).map((value, j) => {
      let sum = value;
      for (let r = 0; r < rank; r++) sum += scale * (b[i]?.[r] ?? 0) * (a[rankOffset + r]?.[j] ?? 0);
      return sum;
    });
    const length = Math.hypot(...own);
    return dora ? own.map((value) => (value * (m[i] as number)) / length) : own;
  });
}

describe('the distance from where training began', () => {
  it('is 0 before it, to the bit', async () => {
    const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['all-linear'] } });
    const { whole } = await measureDistance(decoder, decoder.parameters.vector);
    expect(whole).toEqual({ l1: 0, l2: 0, relative: 0 });
    decoder.parameters.dispose();
  });

  it('of every weight is that of the vectors, and the layers add up to the whole', async () => {
    const decoder = tinyDecoder({ train: 'full' });
    const before = moved(decoder);
    const { whole, layers } = await measureDistance(decoder, before);
    const [now, then] = [decoder.parameters.vector.dataSync(), before.dataSync()];
    const changes = Array.from(now, (value, i) => value - (then[i] as number));
    const l2 = Math.hypot(...changes);
    expect(whole.l1).toBeCloseTo(
      changes.reduce((sum, change) => sum + Math.abs(change), 0),
      2,
    );
    expect(whole.l2).toBeCloseTo(l2, 4);
    expect(whole.relative).toBeCloseTo(l2 / Math.hypot(...then), 5);
    expect(Object.keys(layers).sort()).toEqual(['layers.0', 'layers.1', 'model.embed_tokens', 'model.norm']);
    expect(Math.hypot(...Object.values(layers).map((layer) => layer.l2))).toBeCloseTo(whole.l2, 4);
    before.dispose();
    decoder.parameters.dispose();
  });

  it.each([false, true])('of an adapter is that of the weights it changes, dora %s', async (dora) => {
    const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['q_proj', 'v_proj', 'down_proj'], dora } });
    const places = adaptedPartsOf(decoder.blocks);
    const then = places.map((place) => effective(decoder, place));
    const before = moved(decoder);
    const tensors = tf.memory().numTensors;
    const { whole, layers } = await measureDistance(decoder, before);
    expect(tf.memory().numTensors).toBe(tensors);
    const now = places.map((place) => effective(decoder, place));
    const changes = now.flat(2).map((value, i) => value - (then.flat(2)[i] as number));
    expect(whole.l2).toBeCloseTo(Math.hypot(...changes), 4);
    expect(whole.relative).toBeCloseTo(Math.hypot(...changes) / Math.hypot(...then.flat(2)), 4);
    expect(whole.l1).toBeCloseTo(
      changes.reduce((sum, change) => sum + Math.abs(change), 0),
      2,
    );
    expect(Object.keys(layers)).toEqual(['layers.0', 'layers.1']);
    before.dispose();
    decoder.parameters.dispose();
  });
});
