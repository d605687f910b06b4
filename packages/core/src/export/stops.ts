import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stopIdsOf } from '../tokenizer/stop-ids.ts';
import { openTextProcessing } from '../tokenizer/text-processing.ts';
import type { TrainingOptions } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';

/**
 * At which tokens an answer of an exported model ends: where generation stops here, asked in the same words.
 * @param format the words that it was trained in; by default those of its chat template, where it has one
 * @returns none for a model without a tokenizer
 * @throws {UserError} for a tokenizer or a template that cannot be read
 */
export async function stopsOf(
  { folder: modelFolder, tokenizerFolder: folder }: { readonly folder: string; readonly tokenizerFolder: string },
  format: TrainingOptions['format'] = 'auto',
): Promise<readonly number[]> {
  if (!existsSync(join(folder, 'tokenizer.json'))) return [];
  const training = parseTrainingOptions({ format });
  return stopIdsOf((await openTextProcessing({ folder, modelFolder, training })).tokenizer);
}
