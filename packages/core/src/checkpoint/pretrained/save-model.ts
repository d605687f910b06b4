import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecoderConfig } from '../../model/config.ts';
import type { BaseParameter } from '../../model/parameters/parameter-table.ts';
import { type Parameters, sizeOf } from '../../model/parameters/parameters.ts';
import { withStopIds } from '../../tokenizer/stop-ids.ts';
import { pieceOf } from '../safetensors/piece-of.ts';
import { streamSafetensors, type TensorToWrite } from '../safetensors/stream-safetensors.ts';
import { readConfigJson } from './read-config.ts';
import { saveGenerationSettings, saveTokenizer } from './save-tokenizer.ts';

export interface ModelToSave {
  readonly parameters: Parameters;
  readonly base: readonly BaseParameter[];
  readonly config: DecoderConfig;
  readonly sourceFolder: string;
  /** Tokens that the source's tokenizer does not have. */
  readonly addTokens?: readonly string[] | undefined;
  /** Tokens that end an answer: its settings name them all. */
  readonly stopIds?: readonly number[] | undefined;
}

/**
 * Writes a Hugging Face folder with every weight of the model in f32: config.json, model.safetensors, and the
 * tokenizer's files as the source folder has them, but for added tokens and those that end an answer.
 */
export async function saveModel(
  folder: string,
  { parameters, base, config, sourceFolder, addTokens, stopIds = [] }: ModelToSave,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await streamSafetensors(join(folder, 'model.safetensors'), storedTensors(parameters, base));
  const { torch_dtype: _, ...json } = await readConfigJson(sourceFolder);
  const saved = withStopIds({ ...json, vocab_size: config.vocabularySize, dtype: 'float32' }, stopIds);
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(saved, null, 2)}\n`);
  await saveTokenizer(sourceFolder, folder, addTokens);
  await saveGenerationSettings(sourceFolder, folder, stopIds);
}

/** The checkpoint's tensors, cut out of the parameters they lie in. */
const storedTensors = (parameters: Parameters, base: readonly BaseParameter[]): TensorToWrite[] =>
  base.flatMap(({ name: parameter, stored }) => {
    let offset = 0;
    return stored.map(({ name, shape }) => {
      const place = { parameter, offset };
      offset += sizeOf(shape);
      return pieceOf(parameters, { name, shape, ...place });
    });
  });
