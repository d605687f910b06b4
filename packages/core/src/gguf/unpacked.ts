import { join } from 'node:path';
import { z } from 'zod';
import { readTextFile } from '../files/read-text-file.ts';

/**
 * The folder that stands for a GGUF file: what of a Hugging Face model it holds beside the weights (config.json, tokenizer,
 * chat template), and this file, which says where the weights are.
 */
export const UNPACKED = 'counterweight-gguf.json';

const schema = z.object({
  /** Absolute: one, or the shards in order. */
  files: z.array(z.string()).min(1),
  /** How many tensors there are of each type. */
  types: z.record(z.string(), z.int()),
});

export type Unpacked = z.output<typeof schema>;

/** Undefined for a folder that stands for no GGUF file. */
export async function readUnpacked(folder: string): Promise<Unpacked | undefined> {
  const text = await readTextFile(join(folder, UNPACKED), 'model-invalid');
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}
