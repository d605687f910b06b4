import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from './engine/open-engine.ts';
import { skipWithoutBfloat16 } from './test-support/engines.ts';
import { randomAdapter } from './test-support/random-adapter.ts';
import { engines, failed, model, path, type Training, verified } from './test-support/small-verifications.ts';
import type { CheckResult } from './verify/check.ts';

const methods = { full: { method: 'full' }, LoRA: { method: 'lora' }, DoRA: { method: 'lora', dora: true } } as const;

async function saveRandomAdapter(): Promise<void> {
  const { tensors } = await randomAdapter(model, path('adapter'), { dora: true });
  tf.dispose([...tensors.values()]);
}

const skipped = (checks: readonly CheckResult[]) => checks.filter(({ pass }) => pass === null).map(({ name }) => name);
/** Folders of this process. */
const leftBehind = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`counterweight-verify-${process.pid}-`));

describe('verify', () => {
  it.each(Object.entries(methods))('passes with %s, and leaves nothing behind', async (name, method) => {
    const { pass, checks, looked } = await verified(method);
    expect(failed(checks)).toEqual([]);
    expect(pass).toBe(true);
    expect(skipped(checks)).toEqual([
      ...(engines.length > 1 ? [] : ['engines']),
      ...(name === 'full' ? ['merged'] : []),
    ]);
    expect(looked).toMatchObject({ rows: 8, of: 20 });
    expect(await leftBehind()).toEqual([]);
  });

  it.each<Training>([
    { lossNormalization: 'token-count' },
    { lossNormalization: 'completion-count' },
    { lossNormalization: 'per-example' },
    { promptLossFraction: 0.3 },
    { labelSmoothing: 0.1, neftuneAlpha: 5, loraDropout: 0.1 },
    { loraPlusRatio: 16, gradientAccumulation: 4, modulesToSave: ['embed_tokens'] },
  ])('passes with %o', async (training) => {
    expect(failed((await verified(training)).checks)).toEqual([]);
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const onCheck = ({ name }: CheckResult) => name === 'shared-prefix' && stop.abort(reason);
    await expect(verified({}, { signal: stop.signal, onCheck })).rejects.toBe(reason);
    expect(await leftBehind()).toEqual([]);
  });

  it('skips what one row cannot tell, with the reason', async () => {
    const { pass, checks } = await verified({ maxRows: 1 });
    const oneRow = checks.filter(({ skipped }) => skipped === 'there is one row only').map(({ name }) => name);
    expect(oneRow).toEqual(['batch-size', 'accumulation', 'packing']);
    expect(skipped(checks)).toContain('shared-prefix');
    expect(pass).toBe(true);
  });

  it('computes in bf16 within what bf16 rounds', async ({ skip }) => {
    await openEngine(engines.at(-1));
    skipWithoutBfloat16({ skip });
    const { checks } = await verified({ precision: 'bf16' });
    expect(failed(checks)).toEqual([]);
    expect(checks.find(({ name }) => name === 'engines')?.skipped).toBe(
      'in bf16 every engine rounds in places of its own',
    );
  });

  it('takes an adapter that is there, and refuses one where every weight is trained', async () => {
    await saveRandomAdapter();
    expect(failed((await verified({}, { adapter: path('adapter') })).checks)).toEqual([]);
    await expect(verified({ method: 'full' }, { adapter: path('adapter') })).rejects.toMatchObject({
      code: 'option-invalid',
    });
  });
});
