import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { planStoredBlocks } from '../checkpoint/block-plan.ts';
import { loadModel } from '../checkpoint/pretrained/load-model.ts';
import { openEngine } from '../engine/open-engine.ts';
import { exportModel } from '../export-model.ts';
import { openByteSource } from '../files/byte-source.ts';
import { createRandom } from '../random.ts';
import { BLOCK_BYTES, type BlockType } from '../tensor/block-types.ts';
import { blockTypeOf } from '../tensor/quantized.ts';
import { enginesWithKernels } from '../test-support/engines.ts';
import { useGgufHome } from '../test-support/gguf-home.ts';
import { ggufValueOf } from '../test-support/gguf-value.ts';
import { logitsOfStored } from '../test-support/logits.ts';
import { path, model as stories } from '../test-support/small-runs.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { openGgufFiles } from './format/open-files.ts';
import { readHeader } from './format/read-header.ts';
import { type GgufTensor, writeGguf } from './format/write-file.ts';
import { unpackGguf } from './unpack.ts';

useGgufHome(path);
const engines = await enginesWithKernels();
const NUMBERS: Readonly<Record<BlockType, number>> = { q8_0: 8, q4_0: 2, q4_1: 3 };
let files = 0;
const ids = Array.from({ length: 24 }, (_, i) => (i * 37 + 1) % 512);

/** Blocks of random levels; their values are small, and of either sign. */
function randomBlocks(type: BlockType, values: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const bytes = Uint8Array.from({ length: (values / 32) * BLOCK_BYTES[type] }, () => random.integer(256));
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES[type]) {
    // 2⁻⁹ to 2⁻⁷, or a sixteenth of that: in 8 bits levels are larger.
    view.setUint16(at, (type === 'q8_0' ? 0x0800 : 0x1800) + random.integer(0x0800), true);
    if (type === 'q4_1') view.setUint16(at + 2, 0xa400 + random.integer(0x0800), true);
  }
  return bytes;
}

/** The model of stories with other weights: matrices in such blocks where their rows are whole ones. */
async function fileIn(type: BlockType, broken = false): Promise<string> {
  const name = path(`whole-${files++}.gguf`);
  const { output } = await exportModel({ model: stories, to: 'gguf', type: 'f32', output: name });
  const gguf = await openGgufFiles([output]);
  const source = await openByteSource(output);
  const metadata = [...(await readHeader(source)).metadata].map(([key, value]) => [key, ggufValueOf(value)] as const);
  await source.close();
  const tensors = [...gguf.tensors].map(([tensor, info], seed): GgufTensor => {
    const { shape } = info;
    if (shape.length < 2 || (shape.at(-1) as number) % 32 !== 0) {
      const bytes = new Uint8Array(info.byteLength);
      const read = () => gguf.readInto(info, bytes).then(() => bytes);
      return { name: tensor, shape, type: 0, byteLength: info.byteLength, bytes: read };
    }
    const blocks = randomBlocks(type, (shape[0] as number) * (shape[1] as number), seed);
    if (broken && tensor === 'blk.2.attn_k.weight') blocks[BLOCK_BYTES[type] + 1] = 0x7c;
    return { name: tensor, shape, type: NUMBERS[type], byteLength: blocks.length, bytes: async () => blocks };
  });
  const file = path(`kept-${type}-${broken}.gguf`);
  await writeGguf(file, new Map(metadata), tensors);
  await gguf.close();
  return file;
}

const settings = { quantizeEmbeddings: false, vocabulary: undefined };
const cases = engines.flatMap((engine) => (['q8_0', 'q4_0', 'q4_1'] as const).map((type) => ({ engine, type })));

describe.each(cases)('a GGUF file in $type ($engine)', ({ engine, type }) => {
  it('stays as it is in memory, and answers as it does dequantised', async () => {
    await openEngine(engine);
    const { folder } = await unpackGguf(await fileIn(type));
    const kept = await loadModel(folder, 'f32', { quantization: settings });
    const { plan, kept: receipt } = await planStoredBlocks(folder, parseTrainingOptions(), undefined);
    expect(plan.size).toBe(16);
    expect(receipt).toEqual([{ stored: type.toUpperCase(), kept: type, tensors: 31 }]);
    for (const [name, tensor] of kept.tensors) expect(blockTypeOf(tensor), name).toBe(plan.get(name));
    const plain = await loadModel(folder, 'f32', { quantization: { ...settings, quantize: 'none' } });
    for (const tensor of plain.tensors.values()) expect(blockTypeOf(tensor)).toBe(undefined);
    const [got, expected] = [await logitsOfStored(kept, ids), await logitsOfStored(plain, ids)];
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const error = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] as number))), 0);
    expect(scale).toBeGreaterThan(0.1);
    expect(error / Math.max(1, scale)).toBeLessThan(1e-4);
  });

  it('is refused with a scale that is not finite, and leaves no tensor behind', async () => {
    await openEngine(engine);
    const { folder } = await unpackGguf(await fileIn(type, true));
    const before = tf.memory().numTensors;
    const loading = loadModel(folder, 'f32', { quantization: settings });
    const problem = expect.stringContaining('k_proj.weight" holds a value that is not a finite number') as string;
    await expect(loading).rejects.toMatchObject({ code: 'model-invalid', problem });
    expect(tf.memory().numTensors).toBe(before);
  });
});
