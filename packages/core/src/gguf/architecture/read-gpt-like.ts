import { type Described, decimal, type Json } from './described.ts';
import { readRope } from './read-rope.ts';

export const readGpt2 = ({ number }: Described): Json => ({
  model_type: 'gpt2',
  n_positions: number('context_length'),
  n_embd: number('embedding_length'),
  n_layer: number('block_count'),
  n_head: number('attention.head_count'),
  n_inner: number('feed_forward_length'),
  activation_function: 'gelu_new',
  layer_norm_epsilon: decimal(number('attention.layer_norm_epsilon')),
});

/** Pythia. Its activation is the exact one, as in its checkpoints; llama.cpp computes the one with tanh. */
export function readGptNeox(described: Described): Json {
  const { number, metadata, tensors } = described;
  const headSize = number('embedding_length') / number('attention.head_count');
  const { partial_rotary_factor: rotated = 1, ...rope } = readRope(described, headSize);
  return {
    model_type: 'gpt_neox',
    hidden_size: number('embedding_length'),
    intermediate_size: number('feed_forward_length'),
    num_hidden_layers: number('block_count'),
    num_attention_heads: number('attention.head_count'),
    max_position_embeddings: number('context_length'),
    layer_norm_eps: decimal(number('attention.layer_norm_epsilon')),
    hidden_act: 'gelu',
    attention_bias: tensors.has('blk.0.attn_qkv.bias'),
    use_parallel_residual: metadata.flagOr('gptneox.use_parallel_residual', true),
    rotary_pct: rotated,
    ...rope,
  };
}
