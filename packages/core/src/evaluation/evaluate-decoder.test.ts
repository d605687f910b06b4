import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { meanOf } from '../recipe/metric.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import { examplesOf, exampleWith } from '../test-support/examples.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { EvaluationEstimate } from './estimate-seconds.ts';
import { assertEvaluable, evaluateDecoder } from './evaluate-decoder.ts';
import type { EvaluationProgress } from './evaluation.ts';
import { type EvaluationSet, sampleRows } from './evaluation-set.ts';

const length = meanOf<PlainRow>({
  name: 'length',
  direction: 'descriptive',
  definition: 'characters of the output',
  score: (_, text) => text.length,
});
const recipe = extendRecipe(plain(), { metrics: () => [length], defaults: { maxNewTokens: 4 } });
/** One token a byte, of those that the tiny model has: from `A` on. */
const shift = 'A'.charCodeAt(0);
const tokenizer: Tokenizer = {
  ...tinyTokenizer(),
  vocabularySize: tinyConfig.vocabularySize,
  encode: (piece) => Array.from(piece, (character) => character.charCodeAt(0) - shift + 3),
  decode: (ids) => String.fromCharCode(...ids.filter((id) => id > 2).map((id) => id - 3 + shift)),
};
const training = { splitSeed: 0, evaluateLossesOnly: false };

/** Rows whose prompt is one letter and whose answer is `Z`. */
function heldOut(count: number): EvaluationSet<PlainRow> {
  const rows = Array.from({ length: count }, (_, i) => ({
    prompt: String.fromCharCode(shift + (i % 30)),
    completion: 'Z',
  }));
  const examples = rows.map(({ prompt, completion }) => {
    const promptIds = [1, ...tokenizer.encode(prompt as string, 'start')];
    const ids = [...promptIds, ...tokenizer.encode(completion as string, 'continuation'), 2];
    const roles = ids.map((_, i) => (i === 0 ? 'bos' : i < promptIds.length ? 'user' : 'assistant'));
    const weights = ids.map((_, i) => (i < promptIds.length ? 0 : 1));
    return exampleWith({ ids, weights, roles, promptLength: promptIds.length });
  });
  return { rows, examples: examplesOf(examples) };
}

describe('evaluateDecoder', () => {
  beforeAll(async () => void (await openEngine('wasm')));
  const evaluated = async (
    set: EvaluationSet<PlainRow>,
    options: Partial<Parameters<typeof evaluateDecoder<PlainRow>>[2]> = {},
  ) => {
    const decoder = tinyDecoder({ train: 'nothing' });
    // What a decoder derives from its weights at first, and keeps, is not counted.
    await evaluateDecoder(decoder, heldOut(1), { recipe, tokenizer, training });
    const before = tf.memory().numTensors;
    try {
      return await evaluateDecoder(decoder, set, { recipe, tokenizer, training, ...options });
    } finally {
      expect(tf.memory().numTensors).toBe(before);
      decoder.parameters.dispose();
    }
  };

  it('keeps every output with its row, and counts those that were cut beside the metrics', async () => {
    const set = heldOut(40);
    const { evaluation, predictions } = await evaluated(set);
    expect(predictions?.map(({ row }) => row)).toEqual(set.rows.map((_, i) => i + 1));
    for (const [i, { prompt, reference, output, cut, scores }] of (predictions ?? []).entries()) {
      expect([prompt, reference]).toEqual([set.rows[i]?.prompt, 'Z']);
      expect(scores).toEqual({ length: output.length });
      if (!cut) expect(output.length).toBeLessThan(4);
    }
    const cut = predictions?.filter((one) => one.cut).length as number;
    expect(cut).toBeGreaterThan(0);
    expect(evaluation).toMatchObject({ rows: 40, outputs: 40, cutOutputs: cut });
    const lengths = predictions?.reduce((sum, { output }) => sum + output.length, 0) as number;
    expect(evaluation.metrics).toEqual({ length: lengths / 40 });
    expect(Object.keys(evaluation.standardErrors ?? {})).toEqual(
      new Set(predictions?.map(({ output }) => output.length)).size > 1 ? ['length'] : [],
    );
  });

  it('gives sampled outputs of a row lines of their own', async () => {
    const { predictions, evaluation } = await evaluated(heldOut(3), { sampling: { samples: 2, temperature: 2 } });
    expect(predictions?.map(({ row }) => row)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(evaluation).toMatchObject({ rows: 3, outputs: 6 });
  });

  it('measures at most so many rows: always the same, in their order, each with its own number', async () => {
    const set = heldOut(40);
    const limited = { training: { ...training, maxEvalRows: 7 } };
    const first = await evaluated(set, limited);
    expect(await evaluated(set, limited)).toEqual(first);
    const numbers = first.predictions?.map(({ row }) => row) as number[];
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(7);
    expect(first.predictions?.map(({ prompt }) => prompt)).toEqual(
      numbers.map((number) => set.rows[number - 1]?.prompt),
    );
    const otherSeed = await evaluated(set, { training: { splitSeed: 1, evaluateLossesOnly: false, maxEvalRows: 7 } });
    expect(otherSeed.predictions?.map(({ row }) => row)).not.toEqual(numbers);
    expect(sampleRows(set, { splitSeed: 0, maxEvalRows: 40 })).toBe(set);
  });

  it('generates nothing where losses are enough, and measures the same losses', async () => {
    const set = heldOut(9);
    const { evaluation, predictions } = await evaluated(set, { training: { splitSeed: 0, evaluateLossesOnly: true } });
    const { metrics: _, outputs, cutOutputs, standardErrors: __, ...losses } = (await evaluated(set)).evaluation;
    expect([outputs, cutOutputs]).not.toContain(undefined);
    expect(evaluation).toEqual({ ...losses, metrics: {} });
    expect(predictions).toBeUndefined();
  });

  it('says at its beginning how long it will take, and changes nothing by that', async () => {
    const estimates: EvaluationEstimate[] = [];
    const done: unknown[] = [];
    const set = heldOut(6);
    const onEstimate = (estimate: EvaluationEstimate) => estimates.push(estimate);
    const onProgress: EvaluationProgress = (...progress) => {
      expect(estimates).toHaveLength(1);
      done.push(progress);
    };
    const measured = await evaluated(set, { onEstimate, onProgress });
    expect(estimates).toEqual([{ rows: 6, outputs: 6, seconds: expect.any(Number) }]);
    expect(estimates[0]?.seconds).toBeGreaterThan(0);
    expect(done).toContainEqual([6, 6, 'losses']);
    expect(done.at(-1)).toEqual([6, 6, 'outputs']);
    expect(measured).toEqual(await evaluated(set));
  });

  it('estimates what is written afterwards too', async () => {
    const estimates: EvaluationEstimate[] = [];
    const onEstimate = (estimate: EvaluationEstimate) => estimates.push(estimate);
    const set = heldOut(6);
    const more = Array.from({ length: 6 }, () => ({ promptIds: [1, 5, 6], maxNewTokens: 20 }));
    await evaluated(set, { onEstimate });
    await evaluated(set, { onEstimate, afterwards: Array.from({ length: 200 }, () => more) });
    expect(estimates.map(({ outputs }) => outputs)).toEqual([6, 6 + 200 * 6]);
    // A thousand times as many tokens: no hiccup of the machine is as large.
    expect(estimates[1]?.seconds).toBeGreaterThan(5 * (estimates[0]?.seconds as number));
  });

  it('tells of a metric that failed, and keeps all the rest', async () => {
    const broken = { ...length, name: 'broken', compute: () => 0, perRow: () => Promise.reject(new Error('no more')) };
    const both = extendRecipe(recipe, { metrics: () => [broken, length] });
    const { evaluation, predictions } = await evaluated(heldOut(2), { recipe: both });
    expect(evaluation.failedMetrics).toEqual({ broken: 'no more' });
    expect(Object.keys(evaluation.metrics)).toEqual(['length']);
    expect(predictions).toHaveLength(2);
  });

  it.each([
    ['before the first batch', 0],
    ['between two batches', 1],
    ['in the midst of generating', 'generating'],
  ])('stops %s, with the reason of the signal and nothing left behind', async (_, when) => {
    const aborting = new AbortController();
    const reason = new Error('stopped');
    if (when === 0) aborting.abort(reason);
    let batches = 0;
    const signal = aborting.signal;
    const onProgress = () => {
      if (when === 1) aborting.abort(reason);
      // The losses are measured; a timer is heard between two tokens.
      if (when === 'generating' && batches++ === 0) setImmediate(() => aborting.abort(reason));
    };
    const long = { sampling: { maxNewTokens: 20 } };
    await expect(evaluated(heldOut(4), { signal, onProgress, ...long })).rejects.toBe(reason);
  });

  it('asks metrics and answers before the work, unless nothing is generated', async () => {
    const notHere = { ...length, ready: () => Promise.reject(new Error('no sandbox')) };
    const task = { recipe: extendRecipe(recipe, { metrics: () => [notHere] }), tokenizer, training };
    await expect(assertEvaluable(task, heldOut(2))).rejects.toThrow('no sandbox');
    await assertEvaluable({ ...task, training: { splitSeed: 0, evaluateLossesOnly: true } }, heldOut(2));
    const choice = extendRecipe(recipe, { answers: { texts: ['TOOLONGANANSWER'] } });
    await expect(assertEvaluable({ ...task, recipe: choice }, heldOut(2))).rejects.toThrow(/None of the answers/);
    await assertEvaluable({ ...task, recipe: choice }, heldOut(2), { maxNewTokens: 30 });
  });
});
