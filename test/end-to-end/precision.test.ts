import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fineTune, openEngine } from '@counterweight/core';
import { support } from '@counterweight/recipe-support';
import { expect, it } from 'vitest';
import { enginesToTest } from '../../packages/core/src/test-support/engines.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url).pathname;
const hasKernels =
  (await enginesToTest()).includes('tfjs-node') && (await openEngine('tfjs-node')).fusedKernels === true;

/** The quickstart's task and settings, an eighth of its steps; only losses are measured. */
async function evaluationLoss(precision: 'f32' | 'bf16', method: 'full' | 'lora', output: string): Promise<number> {
  const { evaluation } = await fineTune({
    recipe: { ...support(), metrics: [] },
    model: at('models/stories260k'),
    data: at('packages/recipe-support/fixtures/banking77-train.csv'),
    evalData: at('packages/recipe-support/fixtures/banking77-eval.csv'),
    output,
    engine: 'tfjs-node',
    training: { method, precision, learningRate: 3e-3, batchSize: 16, maxSteps: 120 },
  });
  return evaluation?.completionLoss as number;
}

it.skipIf(!hasKernels).each(['full', 'lora'] as const)(
  'training in bf16 ends within 2 % of the evaluation loss in f32: %s',
  { timeout: 300_000 },
  async (method) => {
    const folder = await mkdtemp(join(tmpdir(), 'counterweight-precision-'));
    const f32 = await evaluationLoss('f32', method, join(folder, 'f32'));
    const bf16 = await evaluationLoss('bf16', method, join(folder, 'bf16'));
    expect(f32).toBeLessThan(2);
    expect(Math.abs(bf16 / f32 - 1)).toBeLessThan(0.02);
    await rm(folder, { recursive: true });
  },
);
