import type { ConfigFields } from '../../export/config-fields.ts';
import { float32, type GgufValue, text, uint32 } from '../format/write-file.ts';
import { type Architecture, changing, commonShape, type ModuleNames, tensorNamer } from './architecture.ts';
import { halvesToNeighbours, plusOne } from './tensor-changes.ts';

const NAMES: ModuleNames = {
  outer: { 'model.embed_tokens': 'token_embd', 'model.norm': 'output_norm', lm_head: 'output' },
  inBlock: /^model\.layers\.(\d+)\.(.+)$/,
  block: {
    input_layernorm: 'attn_norm',
    'self_attn.q_proj': 'attn_q',
    'self_attn.k_proj': 'attn_k',
    'self_attn.v_proj': 'attn_v',
    'self_attn.q_norm': 'attn_q_norm',
    'self_attn.k_norm': 'attn_k_norm',
    'self_attn.o_proj': 'attn_output',
    'self_attn.qkv_proj': 'attn_qkv',
    post_attention_layernorm: 'ffn_norm',
    'mlp.gate_proj': 'ffn_gate',
    'mlp.up_proj': 'ffn_up',
    'mlp.gate_up_proj': 'ffn_up',
    'mlp.down_proj': 'ffn_down',
  },
};

/** Families built like Llama, whose rotation llama.cpp takes as it is. */
export function llamaLike(config: ConfigFields, name: string): Architecture {
  return {
    name,
    metadata: {
      ...commonShape(config),
      feed_forward_length: uint32(config.number('intermediate_size')),
      'attention.head_count_kv': uint32(config.keyValueHeads),
      'attention.key_length': uint32(config.headSize),
      'attention.value_length': uint32(config.headSize),
      'attention.layer_norm_rms_epsilon': float32(config.numberOr(1e-6, 'rms_norm_eps')),
      'rope.dimension_count': uint32(config.headSize),
      vocab_size: uint32(config.number('vocab_size')),
      ...ropeMetadata(config),
    },
    tensor: tensorNamer(NAMES),
  };
}

/** Families for which llama.cpp rotates neighbours. */
export function rotatingNeighbours(config: ConfigFields, name: string): Architecture {
  const { tensor, ...rest } = llamaLike(config, name);
  const isQueryOrKey = (tensorName: string) => /attn_[qk]\./.test(tensorName);
  return { ...rest, tensor: changing(tensor, isQueryOrKey, halvesToNeighbours(config.headSize)) };
}

function ropeMetadata({ rope, refuse }: ConfigFields): Record<string, GgufValue> {
  const base = { 'rope.freq_base': float32(rope.theta) };
  // Llama 3's scaling travels as a tensor of factors: see `rope-factors.ts`.
  if (rope.type === 'default' || rope.type === 'llama3') return base;
  if (rope.type !== 'linear') refuse('rope_scaling', `the rotary scaling "${rope.type}" is not carried over.`);
  const factor = float32(Number(rope.parameters.factor));
  return { ...base, 'rope.scaling.type': text('linear'), 'rope.scaling.factor': factor };
}

/** Gemma's norms multiply by one plus their weight; llama.cpp's by the weight. */
export function gemma(config: ConfigFields, name: string): Architecture {
  const { metadata } = llamaLike(config, name);
  const optional = (field: string) => {
    const value = config.numberOr(undefined, field);
    return value === undefined ? {} : { [field]: float32(value) };
  };
  const block = {
    ...NAMES.block,
    post_attention_layernorm: 'post_attention_norm',
    pre_feedforward_layernorm: 'ffn_norm',
    post_feedforward_layernorm: 'post_ffw_norm',
  };
  const nearby = config.numberOr(config.localTheta, 'rope_local_base_freq');
  const isNorm = (tensorName: string) => tensorName.endsWith('norm.weight');
  return {
    name,
    metadata: {
      ...metadata,
      'attention.sliding_window': uint32(config.numberOr(4096, 'sliding_window')),
      ...(name === 'gemma3' ? { 'rope.freq_base_swa': float32(nearby) } : {}),
      ...optional('attn_logit_softcapping'),
      ...optional('final_logit_softcapping'),
    },
    tensor: changing(tensorNamer({ ...NAMES, block }), isNorm, plusOne),
  };
}

export function phi3(config: ConfigFields): Architecture {
  const base = llamaLike(config, 'phi3');
  const context = config.number('max_position_embeddings');
  return {
    ...base,
    metadata: {
      ...base.metadata,
      'attention.layer_norm_rms_epsilon': float32(config.numberOr(1e-5, 'rms_norm_eps')),
      'rope.dimension_count': uint32(config.headSize * config.numberOr(1, 'partial_rotary_factor')),
      'rope.scaling.original_context_length': uint32(config.numberOr(context, 'original_max_position_embeddings')),
      'attention.sliding_window': uint32(config.numberOr(0, 'sliding_window')),
    },
  };
}
