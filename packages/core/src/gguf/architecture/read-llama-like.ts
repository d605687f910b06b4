import { type Described, decimal, type Json } from './described.ts';
import { readRope } from './read-rope.ts';

/** The fields that all families of Llama's layout have. */
function llamaLike(described: Described, modelType: string): Json & { head_dim: number } {
  const { number, numberOr, metadata } = described;
  const [hidden, heads] = [number('embedding_length'), number('attention.head_count')];
  const headSize = numberOr('attention.key_length', hidden / heads);
  if (numberOr('attention.value_length', headSize) !== headSize) {
    metadata.refuse(
      `${metadata.text('general.architecture')}.attention.value_length`,
      'it is another one than that of keys.',
    );
  }
  return {
    model_type: modelType,
    hidden_size: hidden,
    intermediate_size: number('feed_forward_length'),
    num_hidden_layers: number('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: numberOr('attention.head_count_kv', heads),
    head_dim: headSize,
    max_position_embeddings: number('context_length'),
    rms_norm_eps: decimal(number('attention.layer_norm_rms_epsilon')),
    ...readRope(described, headSize),
  };
}

const hasBias = ({ tensors }: Described, part: string) => tensors.has(`blk.0.${part}.bias`);

/** Llama, SmolLM, TinyLlama, and Mistral, which llama.cpp calls so. */
export function readLlama(described: Described): Json {
  const { numberOr, metadata } = described;
  if (numberOr('expert_count', 0) > 0) metadata.refuse('llama.expert_count', 'mixtures of experts are not read.');
  const window = numberOr('attention.sliding_window', 0);
  if (window > 0) return { ...llamaLike(described, 'mistral'), sliding_window: window };
  const biases = { attention_bias: hasBias(described, 'attn_q'), mlp_bias: hasBias(described, 'ffn_up') };
  return { ...llamaLike(described, 'llama'), hidden_act: 'silu', ...biases };
}

export const readQwen2 = (described: Described): Json => llamaLike(described, 'qwen2');

export const readQwen3 = (described: Described): Json => ({
  ...llamaLike(described, 'qwen3'),
  attention_bias: hasBias(described, 'attn_q'),
});

export const readSmolLm3 = (described: Described): Json => ({
  ...llamaLike(described, 'smollm3'),
  attention_bias: hasBias(described, 'attn_q'),
  mlp_bias: hasBias(described, 'ffn_up'),
});

export const readPhi3 = (described: Described): Json => ({
  ...llamaLike(described, 'phi3'),
  sliding_window: described.numberOr('attention.sliding_window', 0) || null,
  original_max_position_embeddings: described.numberOr(
    'rope.scaling.original_context_length',
    described.number('context_length'),
  ),
});

/** Scores are scaled by the size of a head, but in the models of 27 billion weights, which llama.cpp knows by their layers. */
function gemmaLike(described: Described, modelType: string, largestLayers: number): Json {
  const { number, numberOr } = described;
  const common = llamaLike(described, modelType);
  const isLargest = number('block_count') === largestLayers;
  const scalar = isLargest ? number('embedding_length') / number('attention.head_count') : common.head_dim;
  return {
    ...common,
    hidden_activation: 'gelu_pytorch_tanh',
    query_pre_attn_scalar: scalar,
    attn_logit_softcapping: numberOr('attn_logit_softcapping', null),
    final_logit_softcapping: numberOr('final_logit_softcapping', null),
  };
}

export const readGemma2 = (described: Described): Json => ({
  ...gemmaLike(described, 'gemma2', 46),
  sliding_window: described.numberOr('attention.sliding_window', 4096),
});

export const readGemma3 = (described: Described): Json => ({
  ...gemmaLike(described, 'gemma3_text', 62),
  sliding_window: described.numberOr('attention.sliding_window', 0) || null,
  rope_local_base_freq: described.numberOr('rope.freq_base_swa', 10_000),
});
