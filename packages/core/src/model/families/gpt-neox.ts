import { z } from 'zod';
import type { Activation, BlockAttention, BlockShape, NormShape } from '../config.ts';
import type { JoinedLinear } from '../layers/linear.ts';
import { type Family, featureCount, inconsistent, known, layerCount, parseFields, tokenCount } from './parse-config.ts';
import { ropeFields, ropeOf, rotaryShape } from './rope.ts';

const schema = z.object({
  vocab_size: tokenCount,
  hidden_size: featureCount,
  intermediate_size: featureCount,
  num_hidden_layers: layerCount,
  num_attention_heads: featureCount,
  max_position_embeddings: tokenCount,
  layer_norm_eps: z.number().positive().default(1e-5),
  hidden_act: z.string().default('gelu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(true),
  use_parallel_residual: z.boolean().default(true),
  rotary_pct: z.number().positive().max(1).default(0.25),
  rotary_emb_base: z.number().positive().default(10_000),
  ...ropeFields,
});

type Fields = z.output<typeof schema>;

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
};

/** Pythia. Attention and MLP side by side, a part of each head rotated, q, k, v head by head in one matrix. */
export const gptNeox: Family = (json, file) => {
  const fields = parseFields(schema, json, file);
  const { num_attention_heads: heads, hidden_size: hiddenSize } = fields;
  const headSize = hiddenSize / heads;
  if (!Number.isInteger(headSize)) throw inconsistent(file, `hidden_size ${hiddenSize}, ${heads} heads`);
  const rope = ropeOf(fields, { theta: fields.rotary_emb_base, partial: fields.rotary_pct });
  const rotary = rotaryShape(rope, headSize, file);
  const attention: BlockAttention = { heads, keyValueHeads: heads, headSize, rotary, interleavedQkv: true };
  const activation = known(ACTIVATIONS, 'hidden_act', fields.hidden_act, file);
  const norm = (name: string): NormShape => ({ name, kind: 'layer', epsilon: fields.layer_norm_eps });
  return {
    family: 'gpt_neox',
    vocabularySize: fields.vocab_size,
    hiddenSize,
    heads,
    contextLength: fields.max_position_embeddings,
    embedding: { name: 'gpt_neox.embed_in.weight' },
    blocks: Array.from({ length: fields.num_hidden_layers }, (_, layer): BlockShape => {
      const prefix = `gpt_neox.layers.${layer}`;
      return {
        linears: linearsOf(prefix, fields),
        attention,
        activation,
        norms: {
          beforeAttention: norm(`${prefix}.input_layernorm`),
          beforeMlp: norm(`${prefix}.post_attention_layernorm`),
        },
        parallel: fields.use_parallel_residual,
      };
    }),
    finalNorm: norm('gpt_neox.final_layer_norm'),
    head: 'embed_out.weight',
    tiedEmbeddings: fields.tie_word_embeddings,
  };
};

function linearsOf(prefix: string, fields: Fields): BlockShape['linears'] {
  const { hidden_size: hidden, intermediate_size: intermediate, attention_bias } = fields;
  const lone = (name: string, inputs: number, outputs: number, bias: boolean): JoinedLinear => ({
    name: `${prefix}.${name}`,
    inputs,
    bias,
    parts: [{ name: `${prefix}.${name}`, outputs }],
  });
  return {
    qkv: lone('attention.query_key_value', hidden, 3 * hidden, attention_bias),
    attentionOutput: lone('attention.dense', hidden, hidden, attention_bias),
    gateUp: lone('mlp.dense_h_to_4h', hidden, intermediate, true),
    down: lone('mlp.dense_4h_to_h', intermediate, hidden, true),
  };
}
