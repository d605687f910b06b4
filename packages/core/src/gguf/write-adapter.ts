import { join } from 'node:path';
import { matrixName } from '../checkpoint/adapter/adapter-config.ts';
import { assertFits } from '../checkpoint/adapter/fit-adapter.ts';
import { openAdapter, type StoredAdapter } from '../checkpoint/adapter/open-adapter.ts';
import { readConfigJson } from '../checkpoint/pretrained/read-config.ts';
import { UserError } from '../errors.ts';
import { layersOf } from '../model/adapters/lora.ts';
import { decoderConfig } from '../model/families/index.ts';
import type { Adapter } from '../model/layers/linear.ts';
import { linearsOf } from '../model/parameters/parameter-table.ts';
import { architectureOf } from './architecture/families.ts';
import { transposed } from './architecture/tensor-changes.ts';
import { float32, type GgufTensor, text, writeGguf } from './format/write-file.ts';
import { FILE_TYPES } from './types/mixture.ts';
import { STORAGE } from './types/quantize.ts';

/**
 * A LoRA adapter as llama.cpp takes it: `NAME.lora_a`, `[rank, inputs]`, and `NAME.lora_b`, `[outputs, rank]`, whose rows
 * are in llama.cpp's order. The file has one alpha, and each layer its rank: a scale that is another than alpha / rank
 * is put into its B.
 * @param model folder
 * @throws {UserError} `model-unsupported` for DoRA and modules that were trained whole, which such a file can't hold
 */
export async function writeGgufAdapter(
  { model, adapter: folder }: { readonly model: string; readonly adapter: string },
  file: string,
  type: 'f32' | 'f16',
): Promise<void> {
  const where = join(model, 'config.json');
  const config = await readConfigJson(model);
  const architecture = architectureOf(config, where);
  const adapter = await openAdapter(folder);
  try {
    const linears = linearsOf(decoderConfig(config, where));
    assertFits(adapter, layersOf(linears));
    assertPlainLora(adapter);
    const [first] = adapter.plan.values();
    const alpha = first ? first.scale * first.rank : 0;
    const tensors: GgufTensor[] = [];
    for (const { name, inputs, outputs } of partsOf(linears)) {
      const plan = adapter.plan.get(name);
      const place = architecture.tensor(`${name}.weight`);
      if (!plan || !place) continue;
      // Matrices that are stored the other way round have adapters that are not.
      const change = place.change === transposed ? undefined : place.change;
      const read = (matrix: 'A' | 'B', shape: readonly number[]) => adapter.read(matrixName(name, matrix), shape);
      const [a, b] = [
        [plan.rank, inputs],
        [outputs, plan.rank],
      ];
      tensors.push(
        tensor(`${place.name}.lora_a`, { shape: a, type, read: () => read('A', a) }),
        tensor(`${place.name}.lora_b`, {
          shape: b,
          type,
          read: async () => {
            const values = scaled(await read('B', b), plan, alpha);
            return change ? change.values(values, b) : values;
          },
        }),
      );
    }
    const metadata = new Map([
      ['general.type', text('adapter')],
      ['general.architecture', text(architecture.name)],
      ['general.file_type', { type: 'uint32' as const, value: FILE_TYPES[type] }],
      ['adapter.type', text('lora')],
      ['adapter.lora.alpha', float32(alpha)],
    ]);
    await writeGguf(file, metadata, tensors);
  } finally {
    await adapter.close();
  }
}

function assertPlainLora({ config, wholeTensors, folder }: StoredAdapter): void {
  const [whole] = wholeTensors.keys();
  const reason = config.use_dora
    ? 'it is a DoRA, whose magnitudes llama.cpp does not know'
    : whole && `it brings "${whole}" whole`;
  if (!reason) return;
  throw new UserError({
    code: 'model-unsupported',
    problem: `This adapter can't be a file of its own for llama.cpp: ${reason}.`,
    where: folder,
    fix: 'Export the model with the adapter in it: --to gguf.',
  });
}

const partsOf = (linears: ReturnType<typeof linearsOf>) =>
  linears.flatMap(({ qkv, attentionOutput, gateUp, down }) =>
    [qkv, attentionOutput, gateUp, down].flatMap(({ inputs, parts }) => parts.map((part) => ({ ...part, inputs }))),
  );

function scaled(b: Float32Array, { rank, scale }: Adapter, alpha: number): Float32Array {
  const factor = (scale * rank) / alpha;
  return Math.abs(factor - 1) < 1e-12 ? b : b.map((value) => value * factor);
}

function tensor(
  name: string,
  { shape, type, read }: { shape: readonly number[]; type: 'f32' | 'f16'; read: () => Promise<Float32Array> },
): GgufTensor {
  const { type: number, blockBytes, encode } = STORAGE[type];
  const byteLength = blockBytes * shape.reduce((product, size) => product * size, 1);
  return { name, shape, type: number, byteLength, bytes: async () => encode(await read()) };
}
