import type { ConfigFields } from '../../export/config-fields.ts';
import { type GgufValue, uint32 } from '../format/write-file.ts';
import type { TensorChange } from './tensor-changes.ts';

/** A model as llama.cpp knows it: its name for the family, what it is told of the shape, and its tensors. */
export interface Architecture {
  readonly name: string;
  /** Keys without the name in front: `block_count`. */
  readonly metadata: Readonly<Record<string, GgufValue>>;
  /** What becomes of a tensor of the checkpoint; undefined where llama.cpp has none. */
  tensor(name: string): TensorPlan | undefined;
}

export interface TensorPlan {
  readonly name: string;
  readonly change?: TensorChange;
}

/** Sizes that llama.cpp asks of every family. */
export function commonShape(config: ConfigFields): Record<string, GgufValue> {
  return {
    context_length: uint32(config.number('max_position_embeddings', 'n_positions')),
    embedding_length: uint32(config.number('hidden_size', 'n_embd')),
    block_count: uint32(config.number('num_hidden_layers', 'n_layer')),
    'attention.head_count': uint32(config.number('num_attention_heads', 'n_head')),
  };
}

/** Modules of a checkpoint and llama.cpp's names for them: outside the blocks, and within one. */
export interface ModuleNames {
  readonly outer: Readonly<Record<string, string>>;
  /** Finds a block's number and what follows it. */
  readonly inBlock: RegExp;
  readonly block: Readonly<Record<string, string>>;
}

/** A tensor's name in llama.cpp, with its `.weight` or `.bias`. */
export function tensorNamer({ outer, inBlock, block }: ModuleNames): Architecture['tensor'] {
  return (stored) => {
    const [, module = '', kind = ''] = /^(.+)\.(weight|bias)$/.exec(stored) ?? [];
    if (outer[module] !== undefined) return { name: `${outer[module]}.${kind}` };
    const [, layer, part = ''] = inBlock.exec(module) ?? [];
    return block[part] === undefined ? undefined : { name: `blk.${layer}.${block[part]}.${kind}` };
  };
}

/** The same tensors, with a change where the name in llama.cpp fits. */
export function changing(
  tensor: Architecture['tensor'],
  fits: (name: string) => boolean,
  change: TensorChange,
): Architecture['tensor'] {
  return (stored) => {
    const plan = tensor(stored);
    return plan && fits(plan.name) ? { ...plan, change } : plan;
  };
}
