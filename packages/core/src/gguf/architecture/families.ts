import { type ConfigFields, configFields } from '../../export/config-fields.ts';
import type { JsonObject } from '../../export/json.ts';
import type { Architecture } from './architecture.ts';
import { gpt2, gptNeox } from './gpt-like.ts';
import { gemma, llamaLike, phi3, rotatingNeighbours } from './llama-like.ts';

/** By `model_type`. */
const FAMILIES: Readonly<Record<string, (config: ConfigFields) => Architecture>> = {
  llama: (config) => rotatingNeighbours(config, 'llama'),
  mistral: (config) => rotatingNeighbours(config, 'llama'),
  smollm3: (config) => rotatingNeighbours(config, 'smollm3'),
  qwen2: (config) => llamaLike(config, 'qwen2'),
  qwen3: (config) => llamaLike(config, 'qwen3'),
  gemma2: (config) => gemma(config, 'gemma2'),
  gemma3_text: (config) => gemma(config, 'gemma3'),
  phi3,
  gpt2,
  gpt_neox: gptNeox,
};

/** @throws {UserError} `model-unsupported` for families that llama.cpp does not know, and for what is not carried over */
export function architectureOf(config: JsonObject, where: string): Architecture {
  const fields = configFields(config, where);
  const family = FAMILIES[String(config.model_type)];
  if (family) return family(fields);
  return fields.refuse('model_type', `GGUF is written for ${Object.keys(FAMILIES).join(', ')}.`);
}
