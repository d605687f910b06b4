import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { planAdapters, withAdapters } from '../../model/adapters/lora.ts';
import { linearsOf } from '../../model/parameters/parameter-table.ts';
import { createRandom } from '../../random.ts';
import { tinyConfig } from '../../test-support/tiny-model.ts';
import { freshAdapters } from './fresh-adapter.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

describe('fresh adapters', () => {
  it('begin at the base model: A within ±1/√inputs, B zero, the same for the same seed', () => {
    const plain = linearsOf(tinyConfig);
    const blocks = withAdapters(
      plain,
      planAdapters(plain, { rank: 3, alpha: 6, targets: ['q_proj', 'mlp.down_proj'] }),
    );
    const [one, same, other] = [5, 5, 6].map((seed) => freshAdapters(blocks, createRandom(seed)));
    for (const [name, tensor] of one as Map<string, tf.Tensor>) {
      const values = tensor.dataSync();
      expect(values).toEqual(same?.get(name)?.dataSync());
      const bound = name.endsWith('lora_A') ? 1 / Math.sqrt(tensor.shape[1] as number) : 0;
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
      expect(values.some((value) => Math.abs(value) > bound / 2)).toBe(bound > 0);
    }
    const name = 'model.layers.0.mlp.down_proj.lora_A';
    expect(one?.get(name)?.dataSync()).not.toEqual(other?.get(name)?.dataSync());
    tf.dispose([one, same, other].flatMap((adapters) => [...(adapters as Map<string, tf.Tensor>).values()]));
  });
});
