import { z } from 'zod';
import type { Activation, BlockShape, NormShape } from '../config.ts';
import type { JoinedLinear } from '../layers/linear.ts';
import { type Family, featureCount, inconsistent, known, layerCount, parseFields, tokenCount } from './parse-config.ts';

const schema = z.object({
  vocab_size: tokenCount,
  n_positions: tokenCount,
  n_embd: featureCount,
  n_layer: layerCount,
  n_head: featureCount,
  n_inner: featureCount.nullish(),
  activation_function: z.string().default('gelu_new'),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
});

type Fields = z.output<typeof schema>;

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu: 'gelu',
};

/** Learned positions, norms with biases, matrices that lie as `[inputs, outputs]`. */
export const gpt2: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  const { n_embd: hiddenSize, n_head: heads } = fields;
  const headSize = hiddenSize / heads;
  if (!Number.isInteger(headSize)) throw inconsistent(file, `n_embd ${hiddenSize}, ${heads} heads`);
  const activation = known(ACTIVATIONS, 'activation_function', fields.activation_function, file);
  const norm = (name: string): NormShape => ({ name, kind: 'layer', epsilon: fields.layer_norm_epsilon });
  return {
    family: 'gpt2',
    vocabularySize: fields.vocab_size,
    hiddenSize,
    heads,
    contextLength: fields.n_positions,
    embedding: { name: 'transformer.wte.weight', positions: 'transformer.wpe.weight' },
    blocks: Array.from({ length: fields.n_layer }, (_, layer): BlockShape => {
      const prefix = `transformer.h.${layer}`;
      return {
        linears: linearsOf(prefix, fields),
        attention: { heads, keyValueHeads: heads, headSize, scale: scoreScale(fields, headSize, layer) },
        activation,
        norms: { beforeAttention: norm(`${prefix}.ln_1`), beforeMlp: norm(`${prefix}.ln_2`) },
      };
    }),
    finalNorm: norm('transformer.ln_f'),
    head: 'lm_head.weight',
    tiedEmbeddings: fields.tie_word_embeddings,
  };
};

function scoreScale(fields: Fields, headSize: number, layer: number): number {
  const byLayer = fields.scale_attn_by_inverse_layer_idx ? layer + 1 : 1;
  return (fields.scale_attn_weights ? 1 / Math.sqrt(headSize) : 1) / byLayer;
}

function linearsOf(prefix: string, { n_embd: hidden, n_inner }: Fields): BlockShape['linears'] {
  const inner = n_inner ?? 4 * hidden;
  const conv1d = (name: string, inputs: number, outputs: number): JoinedLinear => ({
    name: `${prefix}.${name}`,
    inputs,
    bias: true,
    transposed: true,
    parts: [{ name: `${prefix}.${name}`, outputs }],
  });
  return {
    qkv: conv1d('attn.c_attn', hidden, 3 * hidden),
    attentionOutput: conv1d('attn.c_proj', hidden, hidden),
    gateUp: conv1d('mlp.c_fc', hidden, inner),
    down: conv1d('mlp.c_proj', inner, hidden),
  };
}
