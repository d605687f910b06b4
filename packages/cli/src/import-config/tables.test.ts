import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trainOptions } from '../options.ts';
import { TRAINERS, trainers } from './read-source.ts';

/** The names in their sources (`fixtures/names.py`). */
const names: Record<string, string[]> = JSON.parse(
  readFileSync(new URL('fixtures/names.json', import.meta.url), 'utf8'),
);

/** Names that older versions have, plugins, and pydantic's aliases. */
const OLDER = new Set([
  ...['model_type', 'loftq_config', 'evaluation_strategy', 'warmup_ratio', 'logging_dir', 'group_by_length'],
  ...['save_safetensors', 'overwrite_output_dir', 'jit_mode_eval', 'tp_size', 'fp8', 'use_ray', 'ray_run_name'],
  ...['unsloth_lora_mlp', 'unsloth_lora_qkv', 'unsloth_lora_o', 'unsloth_cross_entropy_loss', 'cut_cross_entropy'],
  ...['liger_rope', 'liger_rms_norm', 'liger_glu_activation', 'liger_layer_norm', 'liger_fused_linear_cross_entropy'],
  ...['torch_dtype', 'max_seq_length', 'config', 'dataset_num_proc', 'preprocessing_num_workers'],
]);

describe.each(trainers)('the table of %s', (trainer) => {
  const { rules } = TRAINERS[trainer];

  it('has names that there are, each once', () => {
    const theirs = rules.map((rule) => rule.theirs);
    expect(theirs.filter((name) => !names[trainer]?.includes(name) && !OLDER.has(name))).toEqual([]);
    expect(theirs.filter((name, i) => theirs.indexOf(name) !== i)).toEqual([]);
  });

  it('leads to options that there are, or says why there is none', () => {
    const ours = rules.flatMap((rule) => rule.ours);
    expect(ours.filter((name) => !Object.hasOwn(trainOptions.shape, name))).toEqual([]);
    expect(rules.filter((rule) => rule.ours.length === 0 && rule.about === '')).toEqual([]);
  });
});
