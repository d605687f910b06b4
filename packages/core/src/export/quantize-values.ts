import type { BaseQuantization } from '../checkpoint/adapter/adapter-config.ts';
import { planBlocks } from '../checkpoint/block-plan.ts';
import { readConfig } from '../checkpoint/pretrained/read-config.ts';
import { quantizeAll } from '../checkpoint/pretrained/read-quantized.ts';
import { storedTensor, type WeightFiles, type WeightTensor } from '../checkpoint/weight-files.ts';
import { openEngineWithBlocks } from '../engine/open-engine.ts';
import { matrixOf } from '../model/parameters/matrix.ts';
import { baseParameters, linearsOf } from '../model/parameters/parameter-table.ts';
import type { BlockType } from '../tensor/block-types.ts';
import { createQuantized, writeRow } from '../tensor/quantized.ts';

/** Values that come back from the engine at a time. */
const AT_ONCE = 2 ** 20;

/** Makes values of a tensor what they are when it is quantised, in their place; those of others it leaves alone. */
export type Quantize = (name: string, values: Float32Array, shape: readonly number[]) => Promise<void>;

/**
 * The one step of an export that needs an engine: quantising is its own, and so the values are those that an adapter was
 * trained on, to the bit.
 */
export async function openQuantization(
  folder: string,
  weights: WeightFiles,
  { quantize, embeddings }: BaseQuantization,
): Promise<Quantize> {
  await openEngineWithBlocks();
  const config = await readConfig(folder);
  const base = baseParameters(config, linearsOf(config));
  const asked = quantize === 'stored' ? undefined : quantize;
  const settings = { quantize: asked, quantizeEmbeddings: embeddings, vocabulary: undefined };
  const plan = planBlocks(weights, { config, base }, settings);
  const types = new Map<object | undefined, BlockType>();
  for (const { name, stored } of base) {
    const type = plan.get(name);
    for (const part of type ? stored : []) types.set(storedTensor(weights, part.name), type as BlockType);
  }
  return async (name, values, shape) => {
    const tensor = weights.tensors.get(name);
    const type = types.get(tensor);
    // What is kept in the file's own blocks has its values already.
    if (!tensor || !type || tensor.dtype.toLowerCase() === type) return;
    await roundTrip(values, shape, { tensor, type });
  };
}

async function roundTrip(
  values: Float32Array,
  [rows = 0, columns = 0]: readonly number[],
  { tensor: { quantized }, type }: { readonly tensor: WeightTensor; readonly type: BlockType },
): Promise<void> {
  const matrix = createQuantized([rows, columns], type);
  try {
    // Blocks of another type that become these as they are loaded do so here too.
    const readRows = quantized?.rowsAs(type);
    if (readRows) await readRows((row, blocks) => writeRow(matrix, row, blocks));
    else quantizeAll(matrix, 0, values);
    const step = Math.max(1, Math.floor(AT_ONCE / columns));
    for (let row = 0; row < rows; row += step) {
      const piece = matrixOf(matrix).slice([row, 0], [Math.min(step, rows - row), columns]);
      values.set(piece.dataSync<'float32'>(), row * columns);
      piece.dispose();
    }
  } finally {
    matrix.dispose();
  }
}
