import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import type { Decoder } from '../model/decoder.ts';
import { createRandom } from '../random.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { logitsOf } from '../test-support/logits.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { answerLikelihoods } from './answer-likelihoods.ts';

/** The sum over an answer's tokens, from one forward pass over prompt and answer, without any cache or batch. */
async function directly(decoder: Decoder, prompt: readonly number[], answer: readonly number[]): Promise<number> {
  const logits = await logitsOf(decoder, [...prompt, ...answer]);
  const { vocabularySize } = decoder.config;
  let sum = 0;
  for (const [at, id] of answer.entries()) {
    const place = prompt.length + at - 1;
    const own = logits.subarray(place * vocabularySize, (place + 1) * vocabularySize);
    sum += (own[id] as number) - Math.log(own.reduce((total, value) => total + Math.exp(value), 0));
  }
  return sum;
}

const prompts = [[1, 7, 4], [1, 30, 12, 5, 22, 9, 8], [2], [1, 3, 3, 19]];
// Answers that begin alike, that go on where another ends, and one twice.
const answers = [[5], [5, 6], [5, 6, 7], [9, 6, 7], [9, 8, 3, 11, 2], [12, 2], [5, 6], [31]];

describe.each(await enginesToTest())('answers are ranked on %s', (engine) => {
  it.each([undefined, 12, 30])(
    'with the log-likelihoods of a direct computation, %s tokens at once',
    async (tokensAtOnce) => {
      await openEngine(engine);
      const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'] } });
      const before = tf.memory().numTensors;
      const found = await answerLikelihoods(decoder, prompts, answers, { tokensAtOnce });
      for (const [row, prompt] of prompts.entries()) {
        for (const [i, answer] of answers.entries()) {
          const expected = await directly(decoder, prompt, answer);
          expect(Math.abs((found[row]?.[i] as number) - expected), `${prompt} → ${answer}`).toBeLessThan(1e-5);
        }
      }
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
      decoder.parameters.dispose();
    },
  );

  it('also where there are hundreds of them, and they are as long as they like', async () => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: 'nothing' });
    const random = createRandom(3);
    const many = Array.from({ length: 200 }, () =>
      Array.from({ length: 1 + random.integer(6) }, () => random.integer(tinyConfig.vocabularySize)),
    );
    const [found] = await answerLikelihoods(decoder, [prompts[1] as number[]], many, { tokensAtOnce: 300 });
    for (const i of [0, 17, 99, 143, 199]) {
      const expected = await directly(decoder, prompts[1] as number[], many[i] as number[]);
      expect(Math.abs((found?.[i] as number) - expected)).toBeLessThan(1e-5);
    }
    decoder.parameters.dispose();
  });

  it('also where attention reaches back over fewer places than a prompt has', async () => {
    await openEngine(engine);
    const blocks = tinyConfig.blocks.map((block) => ({ ...block, attention: { ...block.attention, window: 5 } }));
    const decoder = tinyDecoder({ train: 'nothing', config: { ...tinyConfig, blocks } });
    const found = await answerLikelihoods(decoder, prompts, answers);
    for (const [row, prompt] of prompts.entries()) {
      for (const [i, answer] of answers.entries()) {
        const expected = await directly(decoder, prompt, answer);
        expect(Math.abs((found[row]?.[i] as number) - expected), `${prompt} → ${answer}`).toBeLessThan(1e-5);
      }
    }
    decoder.parameters.dispose();
  });

  it('and stops when it is told to', async () => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: 'nothing' });
    const before = tf.memory().numTensors;
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(answerLikelihoods(decoder, prompts, answers, { signal })).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
    decoder.parameters.dispose();
  });
});
