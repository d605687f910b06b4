import { z } from 'zod';
import type { BlockShape, DecoderConfig, NormShape } from '../config.ts';
import { type Differences, llamaFields, llamaLike, withBlocks } from './llama-like.ts';
import { type Family, featureCount, parseFields, unsupported } from './parse-config.ts';
import { windowFields, windowsOf } from './windows.ts';

export const gemmaFields = {
  ...llamaFields,
  ...windowFields,
  head_dim: featureCount.default(256),
  /** Of the first Gemma; the second has `hidden_activation`, and keeps this one without reading it. */
  hidden_act: z.unknown().optional(),
  hidden_activation: z.string().nullish(),
  tie_word_embeddings: z.boolean().default(true),
  sliding_window: windowFields.sliding_window.default(4096),
  attention_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().default(256),
  attn_logit_softcapping: z.number().positive().nullish(),
  final_logit_softcapping: z.number().positive().nullish(),
  use_bidirectional_attention: z.boolean().nullish(),
};

const schema = z.object({
  ...gemmaFields,
  attn_logit_softcapping: gemmaFields.attn_logit_softcapping.default(50),
  final_logit_softcapping: gemmaFields.final_logit_softcapping.default(30),
});

type GemmaFields = z.output<z.ZodObject<typeof gemmaFields>>;

/** Every second layer has the window, beginning with the first. */
export const gemma2: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  return gemmaLike('gemma2', fields, file, { windows: windowsOf(fields, (layer) => layer % 2 === 0, file) });
};

/**
 * Scaled embeddings, norms stored as their distance from 1 and on both sides of attention and MLP, soft caps on scores and
 * logits. Source: Gemma Team 2024, arXiv 2408.00118.
 */
export function gemmaLike(family: string, fields: GemmaFields, file: string, differences: Differences): DecoderConfig {
  if (fields.use_bidirectional_attention) throw unsupported(file, 'use_bidirectional_attention', true, 'false');
  const { attention_bias: bias, hidden_activation } = fields;
  const config = llamaLike(family, { ...fields, hidden_act: hidden_activation ?? 'gelu_pytorch_tanh' }, file, {
    biases: { qkv: bias, attentionOutput: bias },
    normKind: 'rms-from-one',
    ...differences,
  });
  const scale = fields.query_pre_attn_scalar ** -0.5;
  const softcap = fields.attn_logit_softcapping ?? undefined;
  return {
    ...withBlocks(config, (block, layer) => ({
      ...block,
      attention: { ...block.attention, scale, softcap },
      norms: normsAround(block, layer),
    })),
    embedding: { ...config.embedding, scale: Math.sqrt(config.hiddenSize) },
    logitSoftcap: fields.final_logit_softcapping ?? undefined,
  };
}

function normsAround({ norms }: BlockShape, layer: number): BlockShape['norms'] {
  const norm = (name: string): NormShape => ({
    ...norms.beforeAttention,
    name: `model.layers.${layer}.${name}_layernorm`,
  });
  return {
    beforeAttention: norms.beforeAttention,
    afterAttention: norm('post_attention'),
    beforeMlp: norm('pre_feedforward'),
    afterMlp: norm('post_feedforward'),
  };
}
