import type { WeightFiles, WeightTensor } from '../checkpoint/weight-files.ts';
import { UserError } from '../errors.ts';
import { decoderConfig } from '../model/families/index.ts';
import { baseParameters, linearsOf } from '../model/parameters/parameter-table.ts';
import type { Json } from './architecture/described.ts';
import { architectureOf } from './architecture/families.ts';
import { ROPE_FACTORS } from './architecture/rope-factors.ts';
import { type GgufFiles, type GgufTensorInfo, openGgufFiles } from './format/open-files.ts';
import { storedBlocks } from './read-blocks.ts';
import { readTensor } from './read-tensor.ts';

/**
 * The tensors of a GGUF model by Hugging Face's names, with their shapes and their order of rows.
 * @param config its config.json
 * @param where that lies, for messages
 * @throws {UserError} `model-unsupported` for a tensor that has no place in the model, by its name
 */
export async function openGgufWeights(files: readonly string[], config: Json, where: string): Promise<WeightFiles> {
  const gguf = await openGgufFiles(files);
  try {
    return { where: gguf.metadata.file, tensors: weightTensors(gguf, config, where), close: gguf.close };
  } catch (error) {
    await gguf.close();
    throw error;
  }
}

/** By Hugging Face's names. @throws {UserError} for a config or a tensor that is not known */
export function weightTensors(gguf: GgufFiles, config: Json, where: string): Map<string, WeightTensor> {
  const architecture = architectureOf(config, where);
  const decoder = decoderConfig(config, where);
  const tensors = new Map<string, WeightTensor>();
  const used = new Set([ROPE_FACTORS]);
  for (const { stored } of baseParameters(decoder, linearsOf(decoder))) {
    for (const { name, shape } of stored) {
      const plan = architecture.tensor(name);
      const info = plan && gguf.tensors.get(plan.name);
      // What is missing is said by whoever wants it.
      if (!info) continue;
      used.add(plan.name);
      const { change } = plan;
      const own = change ? change.shape(info.shape) : info.shape;
      if (own.join() !== shape.join()) throw otherShape(plan.name, info, change ? change.shape(shape) : shape);
      tensors.set(name, {
        file: info.source.file,
        dtype: info.type.name,
        shape,
        quantized: storedBlocks(gguf, info, { name, undo: change?.undo }),
        // Types that are not read are refused with the header.
        assertReadable: () => {},
        readInto: (place) => readTensor(gguf, info, { place, undo: change?.undo }),
      });
    }
  }
  const strange = [...gguf.tensors].find(([name]) => !used.has(name));
  if (strange) throw noPlace(...strange, config);
  return tensors;
}

const noPlace = (name: string, { source }: { source: { file: string } }, { model_type }: Json): UserError =>
  new UserError({
    code: 'model-unsupported',
    problem: `The tensor "${name}" has no place in a ${String(model_type)} model as it is known here.`,
    where: source.file,
    fix: 'Take the model as a Hugging Face folder (config.json, model.safetensors, tokenizer.json), or choose another one.',
  });

const otherShape = (name: string, { shape, source }: GgufTensorInfo, asked: readonly number[]): UserError =>
  new UserError({
    code: 'model-invalid',
    problem: `The tensor "${name}" has the shape [${shape}], but the metadata asks for [${asked}].`,
    where: source.file,
    fix: 'Copy or download the file again, or take another one of the model.',
  });
