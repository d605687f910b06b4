import { readGgufFiles } from '../../../packages/core/src/gguf/format/open-files.ts';
import { weightTensors } from '../../../packages/core/src/gguf/open-weights.ts';
import { contentsOf } from '../../../packages/core/src/gguf/unpack.ts';
import { sizeOf } from '../../../packages/core/src/model/parameters/parameters.ts';
import { BLOCK_BYTES, type BlockType, rowBytes } from '../../../packages/core/src/tensor/block-types.ts';
import { createTokenizer } from '../../../packages/core/src/tokenizer/create-tokenizer.ts';
import { tokenizerJsonSchema } from '../../../packages/core/src/tokenizer/tokenizer-json.ts';
import { bytes as bytesOf, inMemory, JSON_WORDS, refused, type Target } from './target.ts';

const integer = (bytes: number, value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, bytes);
};
const text = (value: string) => Buffer.concat([integer(8, Buffer.byteLength(value)), Buffer.from(value)]);
const number = (value: number) => Buffer.from(Float32Array.of(value).buffer);

/** A value of JSON as one of the metadata; whole numbers are of 32 bits, the rest is f32. Undefined for what is none. */
function valued(value: unknown): Buffer | undefined {
  if (typeof value === 'string') return Buffer.concat([integer(4, 8), text(value)]);
  if (typeof value === 'boolean') return Buffer.concat([integer(4, 7), integer(1, Number(value))]);
  if (typeof value === 'number') {
    const whole = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    return Buffer.concat(whole ? [integer(4, 4), integer(4, value)] : [integer(4, 6), number(value)]);
  }
  if (!Array.isArray(value)) return undefined;
  const list = (type: number, items: Buffer) =>
    Buffer.concat([integer(4, 9), integer(4, type), integer(8, value.length), items]);
  if (value.every((item) => typeof item === 'string')) return list(8, Buffer.concat(value.map(text)));
  if (!value.every((item) => typeof item === 'number')) return undefined;
  const whole = value.every((item) => Number.isInteger(item) && Math.abs(item) < 2 ** 31);
  return whole
    ? list(5, Buffer.from(Int32Array.from(value).buffer))
    : list(6, Buffer.from(Float32Array.from(value).buffer));
}

/** What a file is made of; matrices are of one type. */
interface Described {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly type: number;
}

const LONGEST = 2 ** 16;

/** A file whose tensors are zero. */
function encode({ metadata, tensors, type }: Described): Uint8Array {
  const pairs = Object.entries(metadata).flatMap(([key, value]) => {
    const bytes = valued(value);
    return bytes ? [Buffer.concat([text(key), bytes])] : [];
  });
  let offset = 0;
  const entries = Object.entries(tensors).map(([name, shape]) => {
    const own = shape.length > 1 ? type : 0;
    const entry = [text(name), integer(4, shape.length), ...shape.toReversed().map((size) => integer(8, size))];
    const begin = offset;
    offset += Math.ceil(((sizeOf(shape) / (own === 0 ? 1 : 32)) * (own === 0 ? 4 : 34)) / 32) * 32;
    return Buffer.concat([...entry, integer(4, own), integer(8, begin)]);
  });
  // What a file claims costs nothing, as its tensors are cut off.
  const data = Buffer.alloc(Math.min(offset, LONGEST));
  const counts = [integer(4, 3), integer(8, entries.length), integer(8, pairs.length)];
  const header = Buffer.concat([Buffer.from('GGUF'), ...counts, ...pairs, ...entries]);
  return Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32), data]);
}

const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const tokens = ['<unk>', '<s>', '</s>', ...bytes, '\u2581', 'a', 'ab', 'b'];
const shape = (name: string, hidden: number): Record<string, unknown> => ({
  'general.architecture': name,
  [`${name}.context_length`]: 16,
  [`${name}.embedding_length`]: hidden,
  [`${name}.block_count`]: 1,
  [`${name}.feed_forward_length`]: hidden,
  [`${name}.attention.head_count`]: 2,
  [`${name}.attention.head_count_kv`]: 1,
  [`${name}.attention.layer_norm_rms_epsilon`]: 1e-5,
  [`${name}.rope.freq_base`]: { f32: 500 },
});
const weights = (vocabulary: number, hidden: number): Record<string, readonly number[]> => ({
  'token_embd.weight': [vocabulary, hidden],
  'output_norm.weight': [hidden],
  'blk.0.attn_norm.weight': [hidden],
  'blk.0.ffn_norm.weight': [hidden],
  'blk.0.attn_q.weight': [hidden, hidden],
  'blk.0.attn_k.weight': [hidden / 2, hidden],
  'blk.0.attn_v.weight': [hidden / 2, hidden],
  'blk.0.attn_output.weight': [hidden, hidden],
  'blk.0.ffn_gate.weight': [hidden, hidden],
  'blk.0.ffn_up.weight': [hidden, hidden],
  'blk.0.ffn_down.weight': [hidden, hidden],
});
const sentencePiece: Record<string, unknown> = {
  'tokenizer.ggml.model': 'llama',
  'tokenizer.ggml.tokens': tokens,
  'tokenizer.ggml.token_type': [2, 3, 3, ...bytes.map(() => 6), 1, 1, 1, 1],
  'tokenizer.ggml.scores': tokens.map((_, i) => -i - 0.5),
  'tokenizer.chat_template': '{{ messages[0].content }}',
};
const byteLevel: Record<string, unknown> = {
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'qwen2',
  'tokenizer.ggml.tokens': ['a', 'b', 'ab', '<e>'],
  'tokenizer.ggml.token_type': [1, 1, 1, 3],
  'tokenizer.ggml.merges': ['a b'],
  'tokenizer.ggml.eos_token_id': 3,
};
// Small, so that what is changed is mostly what is read; of the quantised one the rest of the tensors is missing.
const few = { 'token_embd.weight': [4, 32], 'output_norm.weight': [32], 'blk.0.attn_q.weight': [32, 32] };

const described: readonly Described[] = [
  { metadata: { ...shape('llama', 4), ...sentencePiece }, tensors: weights(tokens.length, 4), type: 0 },
  { metadata: { ...shape('llama', 32), ...byteLevel, 'llama.rope.scaling.type': 'linear' }, tensors: few, type: 8 },
  {
    metadata: { ...shape('llama', 8), ...byteLevel },
    tensors: { ...weights(4, 8), 'rope_freqs.weight': [2] },
    type: 0,
  },
  { metadata: { ...shape('gemma3', 4), ...byteLevel, 'split.count': 1 }, tensors: weights(4, 4), type: 0 },
  { metadata: {}, tensors: {}, type: 0 },
];
const words = [
  ...['general.architecture', 'general.alignment', 'llama.block_count', 'llama.expert_count', 'qwen2', 'phi3'],
  ...['tokenizer.ggml.tokens', 'tokenizer.ggml.add_bos_token', 'split.no', 'blk.0.attn_q.bias', 'output.weight'],
];

/** All of it: header, config, tokenizer, and every weight that the config asks for. */
async function read(input: Uint8Array): Promise<void> {
  const gguf = await readGgufFiles([inMemory('x.gguf', input)]);
  const files = await contentsOf(gguf);
  const json = tokenizerJsonSchema.parse(JSON.parse(files['tokenizer.json'] ?? ''));
  try {
    createTokenizer({ json, bosId: undefined, eosId: 0, where: 'x.gguf' }).encode('ab ab', 'start');
  } catch (error) {
    refused(error);
  }
  const config = JSON.parse(files['config.json'] ?? '') as Record<string, unknown>;
  let values = 0;
  for (const { shape: stored, readInto, quantized } of weightTensors(gguf, config, 'x.gguf').values()) {
    values += sizeOf(stored);
    // A value has half a byte at least.
    if (values > 2 * input.length) throw new Error('more values than bytes');
    await readInto(new Float32Array(sizeOf(stored)));
    const [rows = 0, columns = 0] = stored;
    // As they are kept: the engine takes them at their word.
    for (const type of Object.keys(BLOCK_BYTES) as BlockType[]) {
      await quantized?.rowsAs(type)?.((row, blocks) => {
        const fits = row >= 0 && row < rows && blocks.length === rowBytes(type, columns);
        if (!fits) throw new Error(`row ${row} of ${rows} has ${blocks.length} bytes`);
      });
    }
  }
}

export const ggufTarget: Target = { name: 'gguf', seeds: described.map(encode), words, read };

/** The same of files whose bytes are well, and what they say is not. */
export const ggufContentTarget: Target = {
  name: 'gguf-content',
  json: 'whole',
  seeds: described.map((one) => bytesOf(JSON.stringify(one))),
  words: [...JSON_WORDS, ...words.map((word) => JSON.stringify(word))],
  async read(input) {
    const file = encoded(input);
    if (file) await read(file);
  },
};

/** Undefined for a text that describes no file. */
function encoded(input: Uint8Array): Uint8Array | undefined {
  try {
    return encode(JSON.parse(Buffer.from(input).toString()) as Described);
  } catch {
    return undefined;
  }
}
