import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Breathe } from '../abort.ts';
import { openEngine } from '../engine/open-engine.ts';
import type { Decoder } from '../model/decoder.ts';
import { createRandom } from '../random.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { logitsOf } from '../test-support/logits.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { type GenerateIdsOptions, generateIds } from './generate-ids.ts';
import { startInference } from './inference.ts';

/** No id of the vocabulary: nothing stops at it. */
const NEVER = -1;

/** Logits after the last of the ids, with everything computed anew. */
const recomputedLogits = async (decoder: Decoder, ids: readonly number[]): Promise<Float32Array> =>
  (await logitsOf(decoder, ids)).subarray(-decoder.config.vocabularySize);

async function recomputedGreedily(decoder: Decoder, prompt: readonly number[], count: number): Promise<number[]> {
  const ids = [...prompt];
  for (let i = 0; i < count; i++) {
    const logits = await recomputedLogits(decoder, ids);
    ids.push(logits.indexOf(Math.max(...logits)));
  }
  return ids.slice(prompt.length);
}

const prompts = [[1, 7, 4], [1, 30, 12, 5, 22, 9, 8], [2], [1, 3, 3, 19]];

describe.each(await enginesToTest())('generation on %s', (engine) => {
  const withDecoder = async (use: (decoder: Decoder) => Promise<void>) => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'] } });
    const before = tf.memory().numTensors;
    await use(decoder);
    expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    decoder.parameters.dispose();
  };
  const generate = (decoder: Decoder, given: readonly number[][], options: Partial<GenerateIdsOptions> = {}) =>
    generateIds(decoder, given, { eosId: NEVER, maxNewTokens: 9, ...options });

  it('lets texts that wait take the places of those that are done, and writes the same as one by one', () =>
    withDecoder(async (decoder) => {
      const many = Array.from({ length: 13 }, (_, i) =>
        Array.from({ length: 1 + ((5 * i) % 8) }, (_, at) => (7 * i + 3 * at) % tinyConfig.vocabularySize),
      );
      const maxNewTokens = many.map((_, i) => 1 + ((3 * i) % 7));
      const ended: number[] = [];
      for (const tokensAtOnce of [1, 24, 60, Number.POSITIVE_INFINITY]) {
        const given = { maxNewTokens, tokensAtOnce, onEnd: (prompt: number) => ended.push(prompt) };
        const together = await generate(decoder, many, given);
        for (const [i, prompt] of many.entries()) {
          expect(together[i]).toEqual(await recomputedGreedily(decoder, prompt, maxNewTokens[i] as number));
        }
        expect(ended.splice(0).sort((a, b) => a - b)).toEqual([...many.keys()]);
      }
    }));

  it('holds no columns that no row looks at', () =>
    withDecoder(async (decoder) => {
      const inference = startInference(decoder);
      const long = Array.from({ length: 30 }, (_, i) => i);
      const logits = [await inference.prefill([long, [1, 7, 4]])];
      inference.keepRows([1]);
      const before = tf.memory().numBytes;
      logits.push(await inference.join([[2, 3]]));
      // Two rows of three columns, where 30 were read: less than the longest row had.
      expect(tf.memory().numBytes - before).toBeLessThan(tinyConfig.blocks.length * 30 * 4 * 2 * 16);
      logits.push(await inference.next([5, 6]));
      const values = (await logits.at(-1)?.data()) as Float32Array;
      const [first, second] = [
        await recomputedLogits(decoder, [1, 7, 4, 5]),
        await recomputedLogits(decoder, [2, 3, 6]),
      ];
      const expected = [...first, ...second];
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] as number, 4);
      tf.dispose(logits);
      inference.dispose();
    }));

  it('reads long prompts some columns at a time, and comes to the same', () =>
    withDecoder(async (decoder) => {
      const read = async (scoresAtOnce?: number) => {
        const inference = startInference(decoder, scoresAtOnce === undefined ? {} : { scoresAtOnce });
        const first = await inference.prefill(prompts);
        const second = await inference.next([3, 4, 5, 6]);
        const values = [...first.dataSync(), ...second.dataSync()];
        tf.dispose([first, second]);
        inference.dispose();
        return values;
      };
      const whole = await read();
      for (const columns of [1, 2, 3]) {
        const parts = await read(columns * prompts.length * tinyConfig.heads * 7);
        for (const [i, value] of parts.entries()) expect(value).toBeCloseTo(whole[i] as number, 5);
      }
    }));

  it('is left between any two layers that read a prompt, and leaves no tensor', () =>
    withDecoder(async (decoder) => {
      const read = async (breathe: Breathe) => {
        const inference = startInference(decoder, { scoresAtOnce: 2 * prompts.length * tinyConfig.heads * 7, breathe });
        try {
          (await inference.prefill(prompts)).dispose();
        } finally {
          inference.dispose();
        }
      };
      let breaths = 0;
      await read(() => void breaths++);
      // Seven columns, two at a time, through the layers of each block.
      expect(breaths).toBeGreaterThanOrEqual(4 * 5 * tinyConfig.blocks.length);
      const before = tf.memory().numTensors;
      for (let at = 1; at <= breaths; at++) {
        let breath = 0;
        const leave = () => {
          if (++breath === at) throw new Error('enough');
          return undefined;
        };
        await expect(read(leave)).rejects.toThrow('enough');
        expect(tf.memory().numTensors, `breath ${at}`).toBe(before);
      }
    }));

  it('with the cache gives what computing everything anew gives', () =>
    withDecoder(async (decoder) => {
      for (const prompt of prompts) {
        expect(await generate(decoder, [prompt])).toEqual([await recomputedGreedily(decoder, prompt, 9)]);
      }
    }));

  it('with a DoRA adapter too, whose rows are measured once', async () => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['all-linear'], dora: true } });
    const [prompt] = prompts as [number[]];
    const expected = await recomputedGreedily(decoder, prompt, 9);
    const before = tf.memory().numTensors;
    expect(await generate(decoder, [prompt])).toEqual([expected]);
    expect(tf.memory().numTensors).toBe(before);
    decoder.parameters.dispose();
  });

  it('has the same logits with the cache and anew, in a batch with padding', () =>
    withDecoder(async (decoder) => {
      const inference = startInference(decoder);
      const texts = prompts.map((prompt) => [...prompt]);
      let logits = await inference.prefill(texts);
      for (const next of [
        [5, 6, 7, 8],
        [9, 1, 0, 36],
      ]) {
        const values = logits.dataSync<'float32'>();
        for (const [row, ids] of texts.entries()) {
          const anew = await recomputedLogits(decoder, ids);
          const own = values.subarray(row * tinyConfig.vocabularySize, (row + 1) * tinyConfig.vocabularySize);
          expect(Math.max(...own.map((value, i) => Math.abs(value - (anew[i] as number))))).toBeLessThan(2e-5);
          ids.push(next[row] as number);
        }
        logits.dispose();
        logits = await inference.next(next);
      }
      logits.dispose();
      inference.dispose();
    }));

  it('in a batch gives what it gives one by one', () =>
    withDecoder(async (decoder) => {
      const alone = [];
      for (const prompt of prompts) alone.push(...(await generate(decoder, [prompt])));
      expect(await generate(decoder, prompts)).toEqual(alone);
    }));

  it('stops each row at end-of-sequence, which is left out', () =>
    withDecoder(async (decoder) => {
      const free = await generate(decoder, prompts);
      const eosId = free[1]?.[3] as number;
      const cut = free.map((ids) => (ids.includes(eosId) ? ids.slice(0, ids.indexOf(eosId)) : ids));
      expect(new Set(cut.map((ids) => ids.length)).size).toBeGreaterThan(1);
      expect(await generate(decoder, prompts, { eosId })).toEqual(cut);
    }));

  it('stops at maxNewTokens and at the context length', () =>
    withDecoder(async (decoder) => {
      expect((await generate(decoder, prompts, { maxNewTokens: 2 })).map((ids) => ids.length)).toEqual([2, 2, 2, 2]);
      expect(await generate(decoder, prompts, { maxNewTokens: 0 })).toEqual([[], [], [], []]);
      const long = [Array.from({ length: 21 }, (_, i) => i), Array.from({ length: 24 }, (_, i) => i), [1]];
      const lengths = (await generate(decoder, long, { maxNewTokens: 100 })).map((ids) => ids.length);
      expect(lengths).toEqual([3, 0, 23]);
    }));

  it('tells every token as it comes', () =>
    withDecoder(async (decoder) => {
      const told: number[][] = prompts.map(() => []);
      const onToken = (prompt: number, id: number) => void told[prompt]?.push(id);
      const results = await generate(decoder, prompts, { eosId: 5, onToken });
      expect(told).toEqual(results);
    }));

  it('samples the same for the same seed, and something else for another', () =>
    withDecoder(async (decoder) => {
      const sample = (seed: number) =>
        generate(decoder, prompts, { temperature: 1, topK: 20, random: createRandom(seed).uniform });
      const first = await sample(1);
      expect(await sample(1)).toEqual(first);
      expect(await sample(2)).not.toEqual(first);
    }));
});
