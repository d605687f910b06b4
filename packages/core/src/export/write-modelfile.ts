import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseQuantization } from '../checkpoint/adapter/adapter-config.ts';
import { readConfig } from '../checkpoint/pretrained/read-config.ts';
import { modelfile } from '../gguf/modelfile.ts';
import { stopIdsOf } from '../tokenizer/stop-ids.ts';
import { openTextProcessing, tokenizerFolder } from '../tokenizer/text-processing.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import type { Source } from './source.ts';

interface ModelfileSource extends Source {
  readonly quantization?: BaseQuantization | undefined;
}

/** Tokens that Ollama lets prompt and answer have together, unless a Modelfile says otherwise. */
const OLLAMA_CONTEXT = 4096;

/**
 * The Modelfile with which Ollama takes what was exported: where answers end, how messages are written, and the limits that
 * the run was trained with.
 * @param files as the Modelfile names them: the model, and an adapter on it
 * @returns undefined for a model without a tokenizer: there is nothing to say of its words
 */
export async function modelfileFor(
  { model, adapter, format = 'auto', limits = {}, quantization }: ModelfileSource,
  files: { readonly from: string; readonly adapter?: string | undefined },
): Promise<string | undefined> {
  const folder = tokenizerFolder(model, adapter);
  if (!existsSync(join(folder, 'tokenizer.json'))) return undefined;
  const training = parseTrainingOptions({ format });
  const { tokenizer, chat } = await openTextProcessing({ folder, modelFolder: model, training });
  const { contextLength } = await readConfig(model);
  return modelfile({
    ...{ ...files, chat, quantization },
    addsBos: (tokenizer.ofTexts ?? tokenizer).bosId !== undefined,
    stops: stopIdsOf(tokenizer).map((id) => tokenizer.decode([id], 'continuation', 'keep')),
    // Room for what was trained, and for turns to come; no more than the model can read.
    contextLength: Math.min(contextLength, Math.max(OLLAMA_CONTEXT, limits.maxLength ?? 0)),
    maxNewTokens: limits.maxNewTokens,
  });
}
