import { z } from 'zod';
import { llamaFields, llamaLike } from './llama-like.ts';
import { type Family, parseFields } from './parse-config.ts';

const schema = z.object({
  ...llamaFields,
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

/** Llama, TinyLlama, SmolLM 1 and 2. */
export const llama: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  const { attention_bias: attention, mlp_bias: mlp } = fields;
  return llamaLike('llama', fields, file, { biases: { qkv: attention, attentionOutput: attention, mlp } });
};
