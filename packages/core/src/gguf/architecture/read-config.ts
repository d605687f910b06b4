import type { Described, Json } from './described.ts';
import { readGpt2, readGptNeox } from './read-gpt-like.ts';
import { readGemma2, readGemma3, readLlama, readPhi3, readQwen2, readQwen3, readSmolLm3 } from './read-llama-like.ts';

interface Family {
  /** Of transformers. */
  readonly className: string;
  readonly read: (described: Described) => Json;
  /** Keys that are read, beside those of every family. */
  readonly keys: readonly string[];
}

const ROPE = [
  'rope.dimension_count',
  'rope.freq_base',
  'rope.scaling.type',
  'rope.scaling.factor',
  'rope.scale_linear',
];
const RMS = [
  'attention.head_count_kv',
  'attention.layer_norm_rms_epsilon',
  ...ROPE,
  'rope.scaling.original_context_length',
];
const GEMMA = [...RMS, 'attention.sliding_window', 'attn_logit_softcapping', 'final_logit_softcapping'];
const COMMON = [
  ...[
    'context_length',
    'embedding_length',
    'block_count',
    'feed_forward_length',
    'vocab_size',
    'rope.scaling.finetuned',
  ],
  ...['attention.head_count', 'attention.key_length', 'attention.value_length'],
];

/** By `general.architecture`. */
const FAMILIES: Readonly<Record<string, Family>> = {
  llama: { className: 'LlamaForCausalLM', read: readLlama, keys: [...RMS, 'attention.sliding_window', 'expert_count'] },
  qwen2: { className: 'Qwen2ForCausalLM', read: readQwen2, keys: RMS },
  qwen3: { className: 'Qwen3ForCausalLM', read: readQwen3, keys: RMS },
  smollm3: { className: 'SmolLM3ForCausalLM', read: readSmolLm3, keys: RMS },
  gemma2: { className: 'Gemma2ForCausalLM', read: readGemma2, keys: GEMMA },
  gemma3: { className: 'Gemma3ForCausalLM', read: readGemma3, keys: [...GEMMA, 'rope.freq_base_swa'] },
  phi3: { className: 'Phi3ForCausalLM', read: readPhi3, keys: [...RMS, 'attention.sliding_window'] },
  gpt2: { className: 'GPT2LMHeadModel', read: readGpt2, keys: ['attention.layer_norm_epsilon'] },
  gptneox: {
    className: 'GPTNeoXForCausalLM',
    read: readGptNeox,
    keys: ['attention.layer_norm_epsilon', 'use_parallel_residual', ...ROPE],
  },
};

/**
 * The config.json that the file's model has as a Hugging Face checkpoint.
 * @throws {UserError} `model-unsupported` naming the architecture, or the key of it, that is not known
 */
export function readConfig(described: Omit<Described, 'number' | 'numberOr'>): Json {
  const { metadata, tensors } = described;
  const name = metadata.text('general.architecture');
  const family = Object.hasOwn(FAMILIES, name) ? (FAMILIES[name] as Family) : undefined;
  if (!family) {
    return metadata.refuse(
      'general.architecture',
      `it is "${name}", and ${Object.keys(FAMILIES).join(', ')} are read.`,
    );
  }
  const known = new Set([...COMMON, ...family.keys].map((key) => `${name}.${key}`));
  const strange = metadata.keys.find((key) => key.startsWith(`${name}.`) && !known.has(key));
  if (strange !== undefined) metadata.refuse(strange, 'a model that has it may compute otherwise.');
  const blocks = metadata.number(`${name}.block_count`);
  // Before anything is made for each of them.
  if (blocks > tensors.size)
    metadata.refuse(`${name}.block_count`, `it is ${blocks}, and the file has ${tensors.size} tensors.`);
  const vocabulary = tensors.get('token_embd.weight')?.shape[0];
  return {
    architectures: [family.className],
    ...family.read({
      ...described,
      number: (key) => metadata.number(`${name}.${key}`),
      numberOr: (key, other) => metadata.numberOr(`${name}.${key}`, other),
    }),
    vocab_size: vocabulary ?? metadata.number(`${name}.vocab_size`),
    tie_word_embeddings: !tensors.has('output.weight'),
    dtype: 'float32',
  };
}
