import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../checkpoint/pretrained/load-model.ts';
import { openEngine } from '../engine/open-engine.ts';
import { enginesWithKernels } from '../test-support/engines.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { useGgufHome } from '../test-support/gguf-home.ts';
import { distance, logitsOfStored } from '../test-support/logits.ts';
import { unpackGguf } from './unpack.ts';

/** A model whose matrices are stored in all types, and its logits by transformers: fixtures/make-every-type.py. */
const fixture = (name: string) => new URL(`./types/fixtures/${name}`, import.meta.url).pathname;
const { types, ids, logits } = JSON.parse(readFileSync(fixture('every-type.json'), 'utf8')) as {
  readonly types: readonly string[];
  readonly ids: readonly number[];
  readonly logits: readonly (readonly number[])[];
};
const expected = Float32Array.from(logits.flat());

useGgufHome(temporaryFolder());

describe.each(await enginesWithKernels())('matrices of every type (%s)', (engine) => {
  it('are those that transformers dequantises: the same logits', async () => {
    await openEngine(engine);
    const { folder, gguf } = await unpackGguf(fixture('every-type.gguf'));
    expect([...new Set(Object.keys(gguf.types))].sort()).toEqual([...types].sort());
    const model = await loadModel(folder);
    expect(distance(await logitsOfStored(model, ids), expected)).toBeLessThan(1e-4);
    tf.dispose([...model.tensors.values()]);
  });

  it('kept in blocks, are near them', async () => {
    await openEngine(engine);
    const { folder } = await unpackGguf(fixture('every-type.gguf'));
    const quantization = { quantize: undefined, quantizeEmbeddings: false, vocabulary: undefined };
    const kept = await logitsOfStored(await loadModel(folder, 'f32', { quantization }), ids);
    // Q5_1, Q5_K and Q6_K are quantised anew in 8 bits, 0.4 % of a matrix; the logits are up to 6.5.
    expect(distance(kept, expected)).toBeLessThan(0.2);
    expect(distance(kept, expected)).toBeGreaterThan(0);
  });
});
