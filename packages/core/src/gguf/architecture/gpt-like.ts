import type { ConfigFields } from '../../export/config-fields.ts';
import { bool, float32, uint32 } from '../format/write-file.ts';
import { type Architecture, changing, commonShape, tensorNamer } from './architecture.ts';
import { headsApart, transposed } from './tensor-changes.ts';

export function gpt2(config: ConfigFields): Architecture {
  const tensor = tensorNamer({
    outer: { wte: 'token_embd', wpe: 'position_embd', ln_f: 'output_norm', lm_head: 'output' },
    inBlock: /^h\.(\d+)\.(.+)$/,
    block: {
      ln_1: 'attn_norm',
      'attn.c_attn': 'attn_qkv',
      'attn.c_proj': 'attn_output',
      ln_2: 'ffn_norm',
      'mlp.c_fc': 'ffn_up',
      'mlp.c_proj': 'ffn_down',
    },
  });
  // Its checkpoints store matrices `[inputs, outputs]`.
  const isMatrix = (name: string) => /(attn_qkv|attn_output|ffn_up|ffn_down)\.weight$/.test(name);
  return {
    name: 'gpt2',
    metadata: {
      ...commonShape(config),
      feed_forward_length: uint32(config.numberOr(4 * config.number('n_embd', 'hidden_size'), 'n_inner')),
      'attention.layer_norm_epsilon': float32(config.numberOr(1e-5, 'layer_norm_epsilon')),
    },
    tensor: changing((stored) => tensor(stored.replace(/^transformer\./, '')), isMatrix, transposed),
  };
}

export function gptNeox(config: ConfigFields): Architecture {
  const tensor = tensorNamer({
    outer: {
      'gpt_neox.embed_in': 'token_embd',
      'gpt_neox.final_layer_norm': 'output_norm',
      embed_out: 'output',
    },
    inBlock: /^gpt_neox\.layers\.(\d+)\.(.+)$/,
    block: {
      input_layernorm: 'attn_norm',
      'attention.query_key_value': 'attn_qkv',
      'attention.dense': 'attn_output',
      post_attention_layernorm: 'ffn_norm',
      'mlp.dense_h_to_4h': 'ffn_up',
      'mlp.dense_4h_to_h': 'ffn_down',
    },
  });
  const rotated = config.numberOr(Number(config.rope.parameters.partial_rotary_factor ?? 0.25), 'rotary_pct');
  const apart = headsApart(config.number('num_attention_heads'), config.headSize);
  return {
    name: 'gptneox',
    metadata: {
      ...commonShape(config),
      feed_forward_length: uint32(config.number('intermediate_size')),
      'rope.dimension_count': uint32(Math.floor(config.headSize * rotated)),
      'rope.freq_base': float32(config.rope.theta),
      use_parallel_residual: bool(config.flagOr(true, 'use_parallel_residual')),
      'attention.layer_norm_epsilon': float32(config.numberOr(1e-5, 'layer_norm_eps')),
    },
    tensor: changing(tensor, (name) => name.includes('attn_qkv'), apart),
  };
}
