import { z } from 'zod';
import { gemmaFields, gemmaLike } from './gemma2.ts';
import { sizesOf, withBlocks, withHeadNorms } from './llama-like.ts';
import { type Family, parseFields } from './parse-config.ts';
import { ropeOf, ropeParameters, rotaryShape } from './rope.ts';
import { slidingLayers, windowsOf } from './windows.ts';

const schema = z.object({
  ...gemmaFields,
  sliding_window_pattern: z.int().positive().default(6),
  rope_local_base_freq: z.number().positive().default(10_000),
  rope_parameters: z
    .object({ sliding_attention: ropeParameters.nullish(), full_attention: ropeParameters.nullish() })
    .nullish(),
});

/**
 * Layers that see everything turn slowly, those with a window fast; queries and keys have norms of their own. Scores are
 * not capped, whatever config.json says. Source: Gemma Team 2025, arXiv 2503.19786.
 */
export const gemma3Text: Family = (json, file) => {
  const { rope_parameters: ropes, rope_theta, rope_scaling, ...fields } = parseFields(schema, json, file);
  const rule = (layer: number) => (layer + 1) % fields.sliding_window_pattern !== 0;
  const plain = { ...fields, rope_parameters: undefined, attn_logit_softcapping: undefined };
  const windows = windowsOf(fields, rule, file);
  const config = withBlocks(gemmaLike('gemma3_text', plain, file, { windows }), withHeadNorms);
  const { headSize } = sizesOf({ ...plain, hidden_act: '' }, file);
  const everywhere = { rope_theta, rope_scaling, rope_parameters: ropes?.full_attention };
  const nearby = { rope_parameters: ropes?.sliding_attention };
  const [slow, fast] = [
    rotaryShape(ropeOf(everywhere, { theta: 1_000_000 }), headSize, file),
    rotaryShape(ropeOf(nearby, { theta: fields.rope_local_base_freq }), headSize, file),
  ];
  const slides = slidingLayers(fields, rule, file);
  return withBlocks(config, (block, layer) => ({
    ...block,
    attention: { ...block.attention, rotary: slides[layer] ? fast : slow },
  }));
};
