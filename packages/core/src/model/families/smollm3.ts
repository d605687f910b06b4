import { z } from 'zod';
import { llamaFields, llamaLike, withBlocks } from './llama-like.ts';
import { type Family, parseFields } from './parse-config.ts';
import { windowFields, windowsOf } from './windows.ts';

const schema = z.object({
  ...llamaFields,
  ...windowFields,
  tie_word_embeddings: z.boolean().default(true),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
  /** 1 for a layer that rotates: the name says the opposite of the value. */
  no_rope_layers: z.array(z.int()).nullish(),
  no_rope_layer_interval: z.int().positive().default(4),
});

/** Some layers do not rotate: every fourth, or as listed. Source: Yang et al. 2025, arXiv 2501.18795. */
export const smollm3: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  const { attention_bias: attention, mlp_bias: mlp, no_rope_layers, no_rope_layer_interval } = fields;
  const rotates = (layer: number): boolean =>
    no_rope_layers ? no_rope_layers[layer] !== 0 : (layer + 1) % no_rope_layer_interval !== 0;
  const slides = (layer: number) => fields.use_sliding_window && !rotates(layer);
  const config = llamaLike('smollm3', fields, file, {
    theta: 2_000_000,
    biases: { qkv: attention, attentionOutput: attention, mlp },
    windows: windowsOf(fields, slides, file),
  });
  return withBlocks(config, (block, layer) =>
    rotates(layer) ? block : { ...block, attention: { ...block.attention, rotary: undefined } },
  );
};
