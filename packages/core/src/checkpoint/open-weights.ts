import { join } from 'node:path';
import { openGgufWeights } from '../gguf/open-weights.ts';
import { readUnpacked } from '../gguf/unpacked.ts';
import { readConfigJson } from './pretrained/read-config.ts';
import { openSafetensorsWeights, safetensorsFiles } from './safetensors/open-weights.ts';
import type { WeightFiles } from './weight-files.ts';

/**
 * Opens the weights of a model's folder, in whichever format they are; only headers are read.
 * @throws {UserError} `model-invalid`, `model-unsupported`
 */
export async function openWeights(folder: string): Promise<WeightFiles> {
  const unpacked = await readUnpacked(folder);
  if (!unpacked) return openSafetensorsWeights(folder);
  return openGgufWeights(unpacked.files, await readConfigJson(folder), join(folder, 'config.json'));
}

/**
 * The files whose content decides what model it is: weights, and config.json, which a GGUF holds itself.
 * @throws {UserError} `model-invalid` when there are none, or not all
 */
export async function modelFiles(folder: string): Promise<readonly string[]> {
  const unpacked = await readUnpacked(folder);
  return unpacked ? unpacked.files : [join(folder, 'config.json'), ...(await safetensorsFiles(folder))];
}
