import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineName, fineTune } from '@counterweight/core';
import { support } from '@counterweight/recipe-support';
import { expect, it } from 'vitest';
import { enginesWithKernels } from '../../packages/core/src/test-support/engines.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url).pathname;
const withKernels = await enginesWithKernels();

/**
 * The quickstart's task, an eighth of its steps, at a third of its learning rate: there rounding alone moves a training's end
 * by half a percent, at the quickstart's own rate by up to six, in either direction. Only losses are measured.
 */
async function evaluationLoss(
  engine: EngineName,
  { precision, method, output }: { precision: 'f32' | 'bf16'; method: 'full' | 'lora'; output: string },
): Promise<number> {
  const { evaluation } = await fineTune({
    recipe: { ...support(), metrics: [] },
    model: at('models/stories260k'),
    data: at('packages/recipe-support/fixtures/banking77-train.csv'),
    evalData: at('packages/recipe-support/fixtures/banking77-eval.csv'),
    output,
    engine,
    training: { method, precision, learningRate: 1e-3, batchSize: 16, maxSteps: 120 },
  });
  return evaluation?.completionLoss as number;
}

it.each(withKernels.flatMap((engine) => (['full', 'lora'] as const).map((method) => ({ engine, method }))))(
  'training in bf16 ends within 1 % of the evaluation loss in f32: $method, $engine',
  { timeout: 300_000 },
  async ({ engine, method }) => {
    const folder = await mkdtemp(join(tmpdir(), 'counterweight-precision-'));
    const f32 = await evaluationLoss(engine, { precision: 'f32', method, output: join(folder, 'f32') });
    const bf16 = await evaluationLoss(engine, { precision: 'bf16', method, output: join(folder, 'bf16') });
    expect(f32).toBeLessThan(2);
    expect(Math.abs(bf16 / f32 - 1)).toBeLessThan(0.01);
    await rm(folder, { recursive: true });
  },
);
