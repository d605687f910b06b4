import { z } from 'zod';
import { UserError } from '../../errors.ts';
import type { DecoderConfig } from '../config.ts';

const ropeParameters = z.object({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
});

/** config.json of the Llama family, both spellings: `rope_parameters` (today's) and `rope_theta` + `rope_scaling`. */
const schema = z.object({
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive().nullish(),
  head_dim: z.int().positive().nullish(),
  max_position_embeddings: z.int().positive(),
  rms_norm_eps: z.number().positive().default(1e-6),
  hidden_act: z.string().default('silu'),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(false),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeParameters.nullish(),
  rope_parameters: ropeParameters.nullish(),
});

/** @throws {UserError} `model-invalid` or `model-unsupported`, with the field of config.json. */
export function llama(json: unknown, file: string): DecoderConfig {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError({
      code: 'model-invalid',
      problem: `config.json does not describe a Llama model: ${issue?.message}`,
      where: `${file}, field "${issue?.path.join('.')}"`,
      fix: 'Use the config.json that was saved with the model.',
    });
  }
  const config = parsed.data;
  const rope = config.rope_parameters ?? config.rope_scaling ?? undefined;
  const ropeType = rope?.rope_type ?? rope?.type ?? 'default';
  const unsupported = (field: string, value: string, supported: string) =>
    new UserError({
      code: 'model-unsupported',
      problem: `This model's ${field} is "${value}"; this version knows ${supported}.`,
      where: `${file}, field "${field}"`,
      fix: `Choose a model with ${field} ${supported}.`,
    });
  if (ropeType !== 'default') throw unsupported('rope_type', ropeType, '"default"');
  if (config.hidden_act !== 'silu') throw unsupported('hidden_act', config.hidden_act, '"silu"');
  const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads;
  const keyValueHeads = config.num_key_value_heads ?? config.num_attention_heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0 || config.num_attention_heads % keyValueHeads !== 0) {
    throw new UserError({
      code: 'model-invalid',
      problem: `The sizes do not go together: hidden_size ${config.hidden_size}, ${config.num_attention_heads} heads of ${headSize}, ${keyValueHeads} key-value heads.`,
      where: file,
      fix: 'Use the config.json that was saved with the model.',
    });
  }
  return {
    family: 'llama',
    vocabularySize: config.vocab_size,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    keyValueHeads,
    headSize,
    contextLength: config.max_position_embeddings,
    ropeTheta: config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10_000,
    normEpsilon: config.rms_norm_eps,
    attentionBias: config.attention_bias,
    attentionOutputBias: config.attention_bias,
    mlpBias: config.mlp_bias,
    tiedEmbeddings: config.tie_word_embeddings,
  };
}
