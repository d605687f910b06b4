import { z } from 'zod';
import type { Activation, BlockShape, DecoderConfig, NormShape } from '../config.ts';
import type { JoinedLinear } from '../layers/linear.ts';
import { featureCount, inconsistent, known, layerCount, tokenCount } from './parse-config.ts';
import { ropeFields, ropeOf, rotaryShape } from './rope.ts';

/** What most families' config.json has in common; where one has other defaults, it says so. */
export const llamaFields = {
  vocab_size: tokenCount,
  hidden_size: featureCount,
  intermediate_size: featureCount,
  num_hidden_layers: layerCount,
  num_attention_heads: featureCount,
  num_key_value_heads: featureCount.nullish(),
  head_dim: featureCount.nullish(),
  max_position_embeddings: tokenCount,
  rms_norm_eps: z.number().positive().default(1e-6),
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  ...ropeFields,
};

export type LlamaFields = z.output<z.ZodObject<typeof llamaFields>>;

/** What a family of this kind says of its blocks, where that is not what Llama does. */
export interface Differences {
  readonly theta?: number;
  readonly biases?: { readonly qkv?: boolean; readonly attentionOutput?: boolean; readonly mlp?: boolean };
  /** The window of every layer, from `windowsOf`. */
  readonly windows?: readonly (number | undefined)[];
  readonly normKind?: NormShape['kind'];
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  silu: 'silu-gated',
  swish: 'silu-gated',
  gelu_pytorch_tanh: 'gelu-tanh-gated',
};

/** A model of Llama's layout and names. @throws {UserError} for sizes that do not go together */
export function llamaLike(
  family: string,
  fields: LlamaFields,
  file: string,
  { theta, biases = {}, windows = [], normKind: kind = 'rms' }: Differences = {},
): DecoderConfig {
  const sizes = sizesOf(fields, file);
  const rotary = rotaryShape(ropeOf(fields, theta === undefined ? {} : { theta }), sizes.headSize, file);
  const activation = known(ACTIVATIONS, 'hidden_act', fields.hidden_act, file);
  const norm = (name: string): NormShape => ({ name, kind, epsilon: fields.rms_norm_eps });
  return {
    family,
    vocabularySize: fields.vocab_size,
    hiddenSize: fields.hidden_size,
    heads: fields.num_attention_heads,
    contextLength: fields.max_position_embeddings,
    embedding: { name: 'model.embed_tokens.weight' },
    blocks: Array.from({ length: fields.num_hidden_layers }, (_, layer): BlockShape => {
      const prefix = `model.layers.${layer}`;
      return {
        linears: linearsOf(prefix, fields, sizes, biases),
        attention: { heads: fields.num_attention_heads, ...sizes, rotary, window: windows[layer] },
        activation,
        norms: {
          beforeAttention: norm(`${prefix}.input_layernorm`),
          beforeMlp: norm(`${prefix}.post_attention_layernorm`),
        },
      };
    }),
    finalNorm: norm('model.norm'),
    head: 'lm_head.weight',
    tiedEmbeddings: fields.tie_word_embeddings,
  };
}

type HeadSizes = { readonly headSize: number; readonly keyValueHeads: number };

export function sizesOf(fields: LlamaFields, file: string): HeadSizes {
  const { hidden_size, num_attention_heads: heads } = fields;
  const headSize = fields.head_dim ?? hidden_size / heads;
  const keyValueHeads = fields.num_key_value_heads ?? heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0 || heads % keyValueHeads !== 0) {
    const problem = `hidden_size ${hidden_size}, ${heads} heads of ${headSize}, ${keyValueHeads} key-value heads`;
    throw inconsistent(file, problem);
  }
  return { headSize, keyValueHeads };
}

function linearsOf(
  prefix: string,
  { hidden_size, intermediate_size, num_attention_heads: heads }: LlamaFields,
  { headSize, keyValueHeads }: HeadSizes,
  { qkv = false, attentionOutput = false, mlp = false }: NonNullable<Differences['biases']>,
): BlockShape['linears'] {
  const [queries, keys] = [heads * headSize, keyValueHeads * headSize];
  const joined = (name: string, inputs: number, bias: boolean, parts: Record<string, number>): JoinedLinear => ({
    name: `${prefix}.${name}`,
    inputs,
    bias,
    parts: Object.entries(parts).map(([part, outputs]) => ({ name: `${prefix}.${part}`, outputs })),
  });
  return {
    qkv: joined('self_attn.qkv_proj', hidden_size, qkv, {
      'self_attn.q_proj': queries,
      'self_attn.k_proj': keys,
      'self_attn.v_proj': keys,
    }),
    attentionOutput: joined('self_attn.o_proj', queries, attentionOutput, { 'self_attn.o_proj': hidden_size }),
    gateUp: joined('mlp.gate_up_proj', hidden_size, mlp, {
      'mlp.gate_proj': intermediate_size,
      'mlp.up_proj': intermediate_size,
    }),
    down: joined('mlp.down_proj', intermediate_size, mlp, { 'mlp.down_proj': hidden_size }),
  };
}

/** The same model with every block changed. */
export const withBlocks = (
  config: DecoderConfig,
  change: (block: BlockShape, layer: number) => BlockShape,
): DecoderConfig => ({ ...config, blocks: config.blocks.map(change) });

/** The same block with norms of its heads' queries and keys (Qwen 3, Gemma 3). */
export function withHeadNorms(block: BlockShape, layer: number): BlockShape {
  const norm = (name: string): NormShape => ({
    ...block.norms.beforeAttention,
    name: `model.layers.${layer}.self_attn.${name}`,
  });
  return { ...block, attention: { ...block.attention, queryNorm: norm('q_norm'), keyNorm: norm('k_norm') } };
}
