import { needless, none, type Rule, same, turned, whether } from './rule.ts';
import { TRAINER_DEFAULTS, trainerArguments } from './trainer-arguments.ts';
import { ANSWERS_ONLY, bitsOf, distributed, FULL_LOSS, heldOut, modulesToSave, positive, targets } from './values.ts';

/** LLaMA-Factory: src/llamafactory/hparams, as of August 2026. */

export const LLAMA_FACTORY_DEFAULTS = {
  ...TRAINER_DEFAULTS,
  finetuning_type: 'lora',
  cutoff_len: 2048,
  train_on_prompt: false,
  lora_rank: 8,
  lora_target: 'all',
} as const;

const NAMED_THERE =
  'names of dataset_info.json: give their files; rows of Alpaca, ShareGPT and OpenAI are read as they are (docs/rows-and-chat.md)';

export const llamaFactory: readonly Rule[] = [
  turned('model_name_or_path', 'model', 'with model_revision', (value, { model_revision = 'main' }) => ({
    options: { model: model_revision === 'main' ? value : `${String(value)}@${String(model_revision)}` },
  })),
  ...needless('read with the model', 'model_revision'),
  same('adapter_name_or_path', 'adapter'),
  turned('stage', [], 'sft only', (value) => (value === 'sft' || value === 'pt' ? {} : { lost: 'sft only' })),
  turned('finetuning_type', 'method', 'lora or full', (value) =>
    value === 'lora' || value === 'full'
      ? { options: { method: value } }
      : { options: { method: 'lora' }, lost: `there is no ${String(value)}: lora or full` },
  ),
  same('lora_rank', 'loraRank'),
  turned('lora_alpha', 'loraAlpha', 'twice the rank where it is not given', (value) => ({
    options: { loraAlpha: Number(value) },
  })),
  same('lora_dropout', 'loraDropout'),
  targets('lora_target'),
  modulesToSave('additional_target'),
  positive('loraplus_lr_ratio', 'loraPlusRatio'),
  whether('use_rslora', { rsLora: true }),
  whether('use_dora', { dora: true }),
  ...none('an adapter begins at 0', 'pissa_init', 'pissa_convert'),
  ...none('LoRA+ has one ratio', 'loraplus_lr_embedding'),
  ...none(
    'an adapter that is given is gone on with; a new one needs a merged model (export --to merged)',
    'create_new_adapter',
  ),
  turned('dataset', 'data', NAMED_THERE, (value) => ({
    options: { data: ['rows.jsonl'] },
    lost: `${String(value)}: ${NAMED_THERE}`,
  })),
  turned('eval_dataset', 'evalData', NAMED_THERE, (value) => ({
    options: { evalData: ['held-out.jsonl'] },
    lost: `${String(value)}: ${NAMED_THERE}`,
  })),
  ...none('files are named by their paths', 'dataset_dir', 'media_dir', 'tokenized_path'),
  turned('template', [], "the model's own chat template is used", (value) => ({
    note: `the model's own chat template is used: look whether it writes what ${String(value)} writes (counterweight preview)`,
  })),
  same('cutoff_len', 'maxLength'),
  whether('train_on_prompt', FULL_LOSS, ANSWERS_ONLY, 'any weight between is possible'),
  whether('mask_history', { trainOn: 'last-turn' }),
  whether('packing', { packing: 'examples' }, {}, 'each example sees itself only'),
  whether('neat_packing', { packing: 'examples' }),
  turned('max_samples', 'maxRows', 'of all files together', (value, { dataset }) => ({
    options: { maxRows: Number(value) },
    ...(String(dataset).includes(',') && { note: 'of all files together, not of each' }),
  })),
  heldOut('val_size'),
  whether('disable_shuffling', { shuffle: false }),
  turned('early_stopping_steps', 'earlyStoppingPatience', 'evaluations without an improvement', (value) =>
    Number(value) > 0 ? { options: { earlyStoppingPatience: Number(value) } } : {},
  ),
  turned('quantization_bit', 'quantize', '8: int8, 4: int4', bitsOf),
  ...none('blocks are of 32 integers with a scale', 'quantization_method', 'quantization_type', 'double_quantization'),
  turned('add_tokens', 'addTokens', '', (value) => ({ options: { addTokens: String(value).split(',') } })),
  turned('add_special_tokens', 'addTokens', '', (value) => ({ options: { addTokens: String(value).split(',') } })),
  ...needless('the vocabulary grows with --add-tokens', 'resize_vocab'),
  ...none("a system message is the rows' own", 'default_system'),
  ...none("tool calls are written by the model's template", 'tool_format'),
  ...none('the rows say what is thought', 'enable_thinking', 'preserve_thinking'),
  ...none('parts of an epoch: --data-proportions', 'interleave_probs', 'mix_strategy'),
  ...none('AdamW is the only optimizer', 'use_galore', 'use_apollo', 'use_badam', 'use_adam_mini', 'use_muon'),
  ...none('the loss is the weighted negative log-likelihood', 'use_dft_loss', 'use_asft_loss', 'use_eaft_loss'),
  ...none(
    'layers are trained through adapters, or all of them',
    'freeze_trainable_layers',
    'freeze_trainable_modules',
    'use_llama_pro',
  ),
  ...none('positions are those of config.json', 'rope_scaling', 'shift_attn', 'mixture_of_depths'),
  ...none(
    'sums and what is trained are in f32; --precision is of the rest',
    'pure_bf16',
    'upcast_layernorm',
    'upcast_lmhead_output',
  ),
  ...none('nothing of a model is run as code', 'trust_remote_code'),
  ...none('give the project with --wandb, or a tracker of your own', 'use_swanlab'),
  ...needless(
    'attention is exact, and linear in memory',
    'flash_attn',
    'use_unsloth',
    'use_unsloth_gc',
    'enable_liger_kernel',
    'use_v1_kernels',
  ),
  ...needless(
    'losses are in the report',
    'plot_loss',
    'compute_accuracy',
    'include_num_input_tokens_seen',
    'include_effective_tokens_per_second',
    'print_param_status',
  ),
  ...needless(
    'rows are a stream always, and cached',
    'streaming',
    'buffer_size',
    'overwrite_cache',
    'preprocessing_batch_size',
    'cache_dir',
    'data_shared_file_system',
  ),
  ...needless(
    'it is so',
    'use_fast_tokenizer',
    'low_cpu_mem_usage',
    'ignore_pad_token_for_loss',
    'disable_gradient_checkpointing',
    'use_reentrant_gc',
    'predict_with_generate',
    'infer_backend',
    'infer_dtype',
    'use_cache',
    'use_kv_cache',
  ),
  ...distributed('ray_num_workers', 'ray_run_name', 'use_ray', 'use_mca'),
  ...trainerArguments,
];
