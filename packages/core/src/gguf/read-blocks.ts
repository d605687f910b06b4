import type { StoredBlocks } from '../checkpoint/weight-files.ts';
import { UserError } from '../errors.ts';
import { BLOCK_BYTES, type BlockType, rowBytes } from '../tensor/block-types.ts';
import type { Undo } from './architecture/tensor-changes.ts';
import type { GgufFiles, GgufTensorInfo } from './format/open-files.ts';
import { q4KAsQ4_1 } from './types/dequantize-k.ts';
import { q4_0AsQ4_1, q4_0AsQ8_0, q5_0AsQ8_0 } from './types/same-levels.ts';

/** Bytes that are read at a time, about. */
const CHUNK = 2 ** 20;

type Convert = (blocks: Uint8Array) => Uint8Array;

interface Kept {
  readonly nearest: BlockType;
  /** Its blocks as ours; where a type is left out, levels have to be found anew. */
  readonly as?: Partial<Record<BlockType, Convert>>;
}

const asTheyAre: Convert = (blocks) => blocks;

/** How types of ggml are kept in memory: 5 and 6 bits in 8, of which they are levels, or almost. */
const KEPT: Readonly<Record<string, Kept>> = {
  Q8_0: { nearest: 'q8_0', as: { q8_0: asTheyAre } },
  Q4_0: { nearest: 'q4_0', as: { q4_0: asTheyAre, q4_1: q4_0AsQ4_1, q8_0: q4_0AsQ8_0 } },
  Q4_1: { nearest: 'q4_1', as: { q4_1: asTheyAre } },
  Q4_K: { nearest: 'q4_1', as: { q4_1: q4KAsQ4_1 } },
  Q5_0: { nearest: 'q8_0', as: { q8_0: q5_0AsQ8_0 } },
  Q5_1: { nearest: 'q8_0' },
  Q5_K: { nearest: 'q8_0' },
  Q6_K: { nearest: 'q8_0' },
};

/** A matrix in blocks whose rows are rows of the model's matrix too, in whatever order; undefined for every other tensor. */
export function storedBlocks(
  files: Pick<GgufFiles, 'readInto'>,
  tensor: GgufTensorInfo,
  { name, undo = {} }: { readonly name: string; readonly undo?: Undo | undefined },
): StoredBlocks | undefined {
  const kept = KEPT[tensor.type.name];
  const { shape } = tensor;
  if (!kept || shape.length !== 2 || undo.value || (undo.place && undo.place(0, shape).step !== 1)) return undefined;
  return {
    nearest: kept.nearest,
    rowsAs(type) {
      const convert = kept.as?.[type];
      return convert && ((put) => readRows(files, tensor, { name, type, convert, undo, put }));
    },
  };
}

interface Reading {
  readonly name: string;
  readonly type: BlockType;
  readonly convert: Convert;
  readonly undo: Undo;
  readonly put: (row: number, blocks: Uint8Array) => void;
}

async function readRows(
  { readInto }: Pick<GgufFiles, 'readInto'>,
  tensor: GgufTensorInfo,
  { name, type, convert, undo, put }: Reading,
): Promise<void> {
  const [rows = 0, columns = 0] = tensor.shape;
  const stored = (columns / tensor.type.blockSize) * tensor.type.blockBytes;
  const own = rowBytes(type, columns);
  const step = Math.max(1, Math.floor(CHUNK / stored));
  const bytes = new Uint8Array(Math.min(step, rows) * stored);
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    const part = bytes.subarray(0, count * stored);
    await readInto(tensor, part, first * stored);
    const blocks = convert(part);
    assertFinite(blocks, type, { name, file: tensor.source.file });
    for (let i = 0; i < count; i++) {
      const row = undo.place ? undo.place(first + i, tensor.shape).start / columns : first + i;
      put(row, blocks.subarray(i * own, (i + 1) * own));
    }
  }
}

/** A scale or least value that is not finite has an exponent of ones. */
function assertFinite(
  blocks: Uint8Array,
  type: BlockType,
  { name, file }: { readonly name: string; readonly file: string },
): void {
  const ends = type === 'q4_1' ? [1, 3] : [1];
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES[type]) {
    if (ends.every((end) => ((blocks[at + end] as number) & 0x7c) !== 0x7c)) continue;
    throw new UserError({
      code: 'model-invalid',
      problem: `Tensor "${name}" holds a value that is not a finite number.`,
      where: file,
      fix: 'Copy or download the file again, or take another one of the model.',
    });
  }
}
