import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import type { EngineName } from '../tensor/engine.ts';
import { byPullback, byTape, type GradientCase, slopes } from './gradients.ts';
import { randomTensor } from './random-tensor.ts';

const directionFor = ({ input, layer }: GradientCase) => randomTensor(layer(input).output.shape, 7);

/** What every layer owes: gradients that are equal by three roads, and nothing left behind. */
export function itHasItsGradients(engine: EngineName, cases: Readonly<Record<string, () => GradientCase>>): void {
  it.each(Object.entries(cases))("of %s equal those of tfjs's own tape", async (_, make) => {
    await openEngine(engine);
    const direction = directionFor(make());
    const expected = byTape(make(), direction);
    const actual = byPullback(make(), direction);
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const [key, gradient] of Object.entries(expected)) expectClose(actual[key] as Float32Array, gradient, 1e-5);
  });

  it.each(Object.entries(cases))('of %s equal finite differences', async (_, make) => {
    await openEngine(engine);
    const direction = directionFor(make());
    for (const [key, gradient] of Object.entries(byPullback(make(), direction))) {
      const { numeric, analytic } = slopes(make(), direction, key, gradient);
      expect(Math.abs(numeric - analytic), key).toBeLessThan(2e-3 * Math.max(1, Math.abs(analytic)));
    }
  });

  it.each(Object.entries(cases))('of %s leave nothing behind', async (_, make) => {
    await openEngine(engine);
    const { input, layer, parameters } = make();
    const pass = () => {
      const { output, pullback } = layer(input);
      const gradient = tf.onesLike(output);
      tf.dispose([output, gradient, pullback(gradient), ...parameters.gradients.values()]);
      parameters.gradients.clear();
    };
    // What is derived of the parameters stays with them.
    pass();
    const before = tf.memory().numTensors;
    pass();
    const abandoned = layer(input);
    abandoned.dispose();
    abandoned.output.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
}

/** @param tolerance of the largest value */
export function expectClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const error = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i] as number))), 0);
  expect(error).toBeLessThanOrEqual(tolerance * largest);
}
