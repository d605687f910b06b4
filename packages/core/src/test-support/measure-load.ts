import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { loadModel } from '../checkpoint/pretrained/load-model.ts';
import { streamSafetensors, type TensorToWrite } from '../checkpoint/safetensors/stream-safetensors.ts';
import { openEngine } from '../engine/open-engine.ts';
import { decoderConfig } from '../model/families/index.ts';
import { baseParameters, linearsOf } from '../model/parameters/parameter-table.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import { quantizedBytes } from '../tensor/block-types.ts';
import { blockTypeOf } from '../tensor/quantized.ts';
import { tinyConfigJson } from './tiny-model.ts';

/**
 * A program: reads a model of 240 MB in f32 and quantises it, and prints how much more memory the process needed at its peak
 * than before, and the bytes of the file, of the quantised model and of its largest parameter in f32.
 */
const quantize = process.argv[2] as 'int8' | 'int4';
const sizes = { vocab_size: 4096, hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 6 };
const heads = { num_attention_heads: 12, num_key_value_heads: 12, max_position_embeddings: 512 };
const json = { ...tinyConfigJson, ...sizes, ...heads };
const config = decoderConfig(json, 'config.json');
const base = baseParameters(config, linearsOf(config));
const values = Float32Array.from({ length: 2 ** 16 }, (_, i) => Math.sin(i) / 10);
const tensors = base.flatMap(({ stored }) =>
  stored.map(({ name, shape }): TensorToWrite => {
    const size = sizeOf(shape);
    const bytes = () => {
      const all = new Float32Array(size);
      for (let at = 0; at < size; at += values.length) all.set(values.subarray(0, size - at), at);
      return new Uint8Array(all.buffer);
    };
    return { name, dtype: 'F32', shape, byteLength: 4 * size, bytes };
  }),
);
const folder = mkdtempSync(join(tmpdir(), 'counterweight-load-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'config.json'), JSON.stringify(json));
await streamSafetensors(join(folder, 'model.safetensors'), tensors);

await openEngine('native');
const before = process.memoryUsage.rss();
let peak = before;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 2);
const model = await loadModel(folder, 'f32', {
  quantization: { quantize, quantizeEmbeddings: false, vocabulary: undefined },
});
clearInterval(watch);
peak = Math.max(peak, process.memoryUsage.rss());
const bytesOf = ({ name, shape }: (typeof model.base)[number]): number => {
  const type = blockTypeOf(model.tensors.get(name) as tf.Tensor);
  return type ? quantizedBytes(type, shape) : 4 * sizeOf(shape);
};
const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
const file = sum(tensors.map(({ byteLength }) => byteLength));
const quantized = sum(model.base.map(bytesOf));
const largest = Math.max(...model.base.map(({ shape }) => 4 * sizeOf(shape)));
console.log(JSON.stringify({ file, quantized, largest, more: peak - before }));
