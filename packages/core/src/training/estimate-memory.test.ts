import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { UserError } from '../errors.ts';
import { enginesWithKernels } from '../test-support/engines.ts';
import { tinyDecoder } from '../test-support/tiny-model.ts';
import { assertMemory, estimateMemory } from './estimate-memory.ts';
import { weightBytes } from './tensor-bytes.ts';

const withKernels = await enginesWithKernels();
function expectNearPeak(settings: object): void {
  const output = execFileSync(process.execPath, [program, JSON.stringify(settings)], { encoding: 'utf8' });
  const { estimated, peak } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, number>;
  expect((estimated as number) / (peak as number)).toBeGreaterThan(0.9);
  expect((estimated as number) / (peak as number)).toBeLessThan(1.1);
}

const program = new URL('../test-support/measure-peak.ts', import.meta.url).pathname;

describe('the estimate of memory', () => {
  // A process for each: what one has freed, the next would find.
  describe.skipIf(process.platform !== 'linux').each(withKernels)('on %s', (engine) => {
    it.each([
      ['adapters, f32', { method: 'lora', precision: 'f32' }],
      ['adapters, bf16', { method: 'lora', precision: 'bf16' }],
      ['every weight, f32', { method: 'full', precision: 'f32' }],
      ['adapters, f32, recomputed', { method: 'lora', precision: 'f32', recompute: true }],
      ['adapters, bf16, recomputed', { method: 'lora', precision: 'bf16', recompute: true }],
      ['DoRA, f32', { method: 'lora', precision: 'f32', dora: true }],
      ['DoRA, bf16', { method: 'lora', precision: 'bf16', dora: true }],
      ['adapters on int8', { method: 'lora', precision: 'f32', quantized: 'q8_0' }],
      ['adapters on int4, bf16', { method: 'lora', precision: 'bf16', quantized: 'q4_0' }],
    ])(
      'is within a tenth of the peak of a step: %s',
      (_, settings) => expectNearPeak({ engine, ...settings }),
      120_000,
    );
  });

  it('says what to turn down when there is not enough', async () => {
    await openEngine('wasm');
    const train = { rank: 2, alpha: 4, targets: ['all-linear'] };
    const decoder = tinyDecoder({ train });
    const batch = { rows: 64, length: 4096 };
    const estimate = estimateMemory(decoder, { batch, baseline: 1e8 });
    const { total, inEngine } = estimate;
    expect(() => assertMemory(estimate, { available: total, engine: inEngine })).not.toThrow();
    expect(() => assertMemory(estimate, { available: total - 1 })).toThrow(UserError);
    expect(() => assertMemory(estimate, { available: 1e8 })).toThrow(/--batch-size.*--recompute/);
    expect(() => assertMemory(estimate, { available: total, engine: inEngine - 1 })).toThrow(/WebAssembly can hold/);
    decoder.parameters.dispose();
  });

  it('counts a share of the moments where workers have one each, and the checkpoint that puts them together', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'full' });
    const { trainableSize } = decoder.parameters;
    const of = (length: number, shards?: number) =>
      estimateMemory(decoder, { batch: { rows: 8, length }, shards, baseline: 0 });
    // Gradient and moments have 4 and 8 bytes a parameter.
    expect([1, 2, 4].map((shards) => of(512, shards).optimizer / trainableSize)).toEqual([12, 8, 6]);
    expect(of(512).total - of(512, 4).total).toBe(6 * trainableSize);
    // Of a step that is small the checkpoint needs more: the mean, the gradient's room, and two bytes of its own.
    const { inEngine, activations, transient } = of(1, 4);
    expect(activations + transient).toBeLessThan(4 * trainableSize);
    expect(inEngine - weightBytes(decoder)).toBe(10 * trainableSize);
    decoder.parameters.dispose();
  });

  it('counts an evaluation that needs more than a step, with the keys and values of what it writes', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['all-linear'] } });
    const batch = { rows: 1, length: 8 };
    const shape = (length: number) => ({ rows: 4, tokens: 4 * length, length });
    const step = estimateMemory(decoder, { batch, baseline: 0 });
    const estimate = estimateMemory(decoder, { batch, evaluation: shape(4096), baseline: 0 });
    expect(estimate.evaluation).toBeGreaterThan(step.total);
    expect(estimate.total - step.total).toBeCloseTo(estimate.evaluation - step.activations - step.transient, 3);
    expect(() => assertMemory(estimate, { available: step.total })).toThrow(/--evaluate-losses-only/);
    const cached = (length: number) =>
      estimateMemory(decoder, { batch, evaluation: shape(length), baseline: 0 }).evaluation;
    // Two layers of two heads with four values each, keys and values, in f32.
    expect(cached(8192) - cached(4096)).toBeGreaterThan(4 * 4096 * 2 * 2 * 2 * 4 * 4);
    decoder.parameters.dispose();
  });
});
