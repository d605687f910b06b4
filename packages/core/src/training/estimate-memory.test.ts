import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { UserError } from '../errors.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { tinyDecoder } from '../test-support/tiny-model.ts';
import { assertMemory, estimateMemory } from './estimate-memory.ts';

const hasKernels =
  (await enginesToTest()).includes('tfjs-node') && (await openEngine('tfjs-node')).fusedKernels === true;
const program = new URL('../test-support/measure-peak.ts', import.meta.url).pathname;

describe('the estimate of memory', () => {
  // A process for each: what one has freed, the next would find.
  it.skipIf(!hasKernels || process.platform !== 'linux').each([
    ['adapters, f32', { method: 'lora', precision: 'f32' }],
    ['adapters, bf16', { method: 'lora', precision: 'bf16' }],
    ['every weight, f32', { method: 'full', precision: 'f32' }],
    ['adapters, f32, recomputed', { method: 'lora', precision: 'f32', recompute: true }],
    ['adapters, bf16, recomputed', { method: 'lora', precision: 'bf16', recompute: true }],
    ['DoRA, f32', { method: 'lora', precision: 'f32', dora: true }],
    ['DoRA, bf16', { method: 'lora', precision: 'bf16', dora: true }],
  ])(
    'is within a tenth of the peak of a step: %s',
    (_, settings) => {
      const output = execFileSync(process.execPath, [program, JSON.stringify(settings)], { encoding: 'utf8' });
      const { estimated, peak } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, number>;
      expect((estimated as number) / (peak as number)).toBeGreaterThan(0.9);
      expect((estimated as number) / (peak as number)).toBeLessThan(1.1);
    },
    120_000,
  );

  it('says what to turn down when there is not enough', async () => {
    await openEngine('wasm');
    const train = { rank: 2, alpha: 4, targets: ['all-linear'] };
    const decoder = tinyDecoder({ train });
    const estimate = estimateMemory(decoder, { rows: 64, length: 4096 }, 1e8);
    expect(() => assertMemory(estimate, estimate.total)).not.toThrow();
    expect(() => assertMemory(estimate, estimate.total - 1)).toThrow(UserError);
    expect(() => assertMemory(estimate, 1e8)).toThrow(/--batch-size.*--recompute/);
    decoder.parameters.dispose();
  });
});
