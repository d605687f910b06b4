import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Breathe } from '../abort.ts';
import { UserError } from '../errors.ts';
import type { Checkpoint } from '../export/checkpoint.ts';
import { configFields } from '../export/config-fields.ts';
import { encodeInPieces } from '../export/encode-in-pieces.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import { chatTemplateSources } from '../tokenizer/load-chat-template.ts';
import { architectureOf } from './architecture/families.ts';
import { ROPE_FACTORS, ropeFactors } from './architecture/rope-factors.ts';
import { type GgufTensor, type GgufValue, text, uint32, writeGguf } from './format/write-file.ts';
import { nameWithStripRule } from './tokenizer/strip-rule.ts';
import { readTokenizerJson, tokenizerMetadata } from './tokenizer/write-tokenizer.ts';
import { FILE_TYPES, type GgufType, typesFor } from './types/mixture.ts';
import { STORAGE, type TensorType } from './types/quantize.ts';

/**
 * One file that llama.cpp runs: weights, shape, tokenizer and chat template.
 * @param stopIds tokens that end an answer
 */
export async function exportGguf(
  checkpoint: Checkpoint,
  file: string,
  { type, stopIds }: { type: GgufType; stopIds: readonly number[] },
): Promise<void> {
  const { folder, tokenizerFolder, config } = checkpoint;
  const where = join(folder, 'config.json');
  const architecture = architectureOf(config, where);
  const tensors: GgufTensor[] = [];
  const factors = ropeFactors(configFields(config, where));
  const planned = [...checkpoint.tensors.keys()].map((name) => architecture.tensor(name)?.name);
  const layers = configFields(config, where).number('num_hidden_layers', 'n_layer');
  const typeOf = typesFor(type, { layers, tied: !planned.includes('output.weight') });
  const add = (name: string, shape: readonly number[], read: () => Promise<Float32Array>) => {
    // Vectors stay f32, as llama.cpp wants them.
    const own = shape.length < 2 ? 'f32' : typeOf({ name, columns: shape.at(-1) as number });
    tensors.push(stored({ name, shape }, own, read, checkpoint.breathe));
  };
  if (factors) add(ROPE_FACTORS, [factors.length], async () => factors);
  for (const [name, { shape }] of checkpoint.tensors) {
    const plan = architecture.tensor(name);
    if (!plan) {
      if (isDerived(name)) continue;
      throw new UserError({
        code: 'model-unsupported',
        problem: `llama.cpp has no place for the tensor "${name}" of this model.`,
        where: folder,
        fix: "Export with --to merged, and convert that folder with llama.cpp's own script.",
      });
    }
    const { change } = plan;
    const after = change ? change.shape(shape) : shape;
    const read = async () => {
      const values = await checkpoint.read(name);
      return change ? change.values(values, shape) : values;
    };
    add(plan.name, after, read);
  }
  const json = await readTokenizerJson(tokenizerFolder);
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', text(architecture.name)],
    ['general.type', text('model')],
    ['general.name', text(nameWithStripRule(basename(folder), json))],
    ['general.file_type', uint32(FILE_TYPES[type])],
    ['general.quantization_version', uint32(2)],
    ...Object.entries(architecture.metadata).map(([key, value]) => [`${architecture.name}.${key}`, value] as const),
    ...(await tokenizerMetadata(checkpoint, { chatTemplate: await chatTemplateSources(tokenizerFolder), stopIds })),
  ]);
  await mkdir(dirname(file), { recursive: true });
  await writeGguf(file, metadata, tensors);
}

/** Buffers that old checkpoints saved along: they follow from the config. */
const isDerived = (name: string) => /(rotary_emb\.inv_freq|attn\.(masked_)?bias|attention\.(masked_)?bias)$/.test(name);

function stored(
  { name, shape }: Pick<GgufTensor, 'name' | 'shape'>,
  type: TensorType,
  read: () => Promise<Float32Array>,
  breathe: Breathe,
): GgufTensor {
  const own = STORAGE[type];
  const byteLength = (sizeOf(shape) / own.blockSize) * own.blockBytes;
  return { name, shape, type: own.type, byteLength, bytes: async () => encodeInPieces(await read(), own, breathe) };
}
