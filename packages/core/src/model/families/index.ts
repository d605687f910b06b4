import { UserError } from '../../errors.ts';
import type { DecoderConfig } from '../config.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3Text } from './gemma3-text.ts';
import { gptNeox } from './gpt-neox.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import type { Family } from './parse-config.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';
import { smollm3 } from './smollm3.ts';

/** By Hugging Face's `model_type`. */
const FAMILIES: Readonly<Record<string, Family>> = {
  llama,
  mistral,
  qwen2,
  qwen3,
  smollm3,
  phi3,
  gemma2,
  gemma3_text: gemma3Text,
  gpt_neox: gptNeox,
  gpt2,
};

export const familyNames: readonly string[] = Object.keys(FAMILIES);

/** A model's config.json as a decoder. @throws {UserError} when its family is not known, or a field is not as it must be */
export function decoderConfig(json: Readonly<Record<string, unknown>>, file: string): DecoderConfig {
  const { model_type: modelType, text_config: text } = json;
  const family = typeof modelType === 'string' && Object.hasOwn(FAMILIES, modelType) ? FAMILIES[modelType] : undefined;
  if (family) return family(json, file);
  const where = `${file}, field "model_type"`;
  const fix = `Choose a model of the family ${familyNames.join(', ')}.`;
  if (typeof text === 'object' && text !== null) {
    const problem = `"${String(modelType)}" is a text model with something else around it (images, sound); this version knows text models.`;
    throw new UserError({ code: 'model-unsupported', problem, where, fix });
  }
  const problem = `This version does not know the architecture "${String(modelType ?? 'unnamed')}".`;
  throw new UserError({ code: 'model-unsupported', problem, where, fix });
}
