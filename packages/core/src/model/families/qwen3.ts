import { z } from 'zod';
import { llamaLike, withBlocks, withHeadNorms } from './llama-like.ts';
import { type Family, featureCount, parseFields } from './parse-config.ts';
import { qwenFields, qwenWindows } from './qwen2.ts';

const schema = z.object({
  ...qwenFields,
  head_dim: featureCount.default(128),
  attention_bias: z.boolean().default(false),
});

/** Queries and keys go through norms of their own. */
export const qwen3: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  const { attention_bias: bias } = fields;
  const biases = { qkv: bias, attentionOutput: bias };
  return withBlocks(llamaLike('qwen3', fields, file, { biases, windows: qwenWindows(fields, file) }), withHeadNorms);
};
