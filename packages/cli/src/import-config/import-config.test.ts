import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importConfig } from '../commands/import-config.ts';
import { readConfig } from '../config.ts';
import { trainOptions } from '../options.ts';
import { resolveOptions } from '../resolve-options.ts';
import { lastJson, runWith } from '../test-support.ts';
import type { Lost } from './translate.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterweight-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const QLORA = `
base_model: org/llama-1b
load_in_4bit: true
adapter: qlora
lora_r: 32
lora_alpha: 16
lora_dropout: 0.05
lora_target_linear: true
lora_modules_to_save: [embed_tokens, lm_head]
datasets:
  - path: ./data/train.jsonl
    type: chat_template
  - path: org/questions
    type: alpaca
val_set_size: 0.05
sequence_len: 4_096
sample_packing: true
train_on_inputs: true
micro_batch_size: 2
batch_size: 16
num_epochs: 4
optimizer: paged_adamw_8bit
lr_scheduler: cosine
cosine_min_lr_ratio: 0.1
learning_rate: 2e-4
bf16: auto
tf32: false
gradient_checkpointing: true
warmup_steps: 10
evals_per_epoch: 4
saves_per_epoch: 1
early_stopping_patience: 3
weight_decay:
flash_attention: true
deepspeed: deepspeed_configs/zero2.json
wandb_project: support
wandb_entity: team
special_tokens:
  pad_token: "<pad>"
chat_template: chatml
lora_init_magic: 7
lora_model_dir:
`;
const FULL = `
base_model: ./models/qwen
datasets: [{ path: json, data_files: [a.jsonl, b.jsonl], type: { field_instruction: question, field_output: answer } }]
output_dir: ./out
learning_rate: 0.00001
optimizer: lion_8bit
lr_scheduler: rex
max_grad_norm: 0
bf16: true
eval_steps: 0.1
val_set_size: 200
`;
const FACTORY = `
model_name_or_path: org/qwen
model_revision: v2
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 16
lora_target: q_proj,v_proj
dataset: identity,claims
template: qwen3_nothink
cutoff_len: 2048
max_samples: 1000
overwrite_cache: true
output_dir: saves/lora
logging_steps: 10
save_steps: 500
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
learning_rate: 1.0e-4
num_train_epochs: 3.0
lr_scheduler_type: cosine_with_min_lr
lr_scheduler_kwargs: { min_lr: 1.0e-5 }
warmup_ratio: 0.1
bf16: true
val_size: 0.1
eval_strategy: steps
eval_steps: 500
load_best_model_at_end: true
metric_for_best_model: eval_loss
mask_history: true
quantization_bit: 8
report_to: [tensorboard, wandb]
resume_from_checkpoint: null
`;
const FACTORY_FULL = `
model_name_or_path: org/qwen
stage: sft
finetuning_type: full
dataset: claims
deepspeed: ds_z3.json
pure_bf16: true
train_on_prompt: true
`;
const TRL = `#!/bin/bash
# Full of remarks
MODEL=org/qwen
export WANDB_PROJECT=x
accelerate launch --num_processes 4 --config_file zero3.yaml trl/scripts/sft.py \\
    --model_name_or_path "$MODEL" \\
    --dataset_name ./rows.jsonl \\
    --learning_rate 2.0e-4 --num_train_epochs 1 --packing \\
    --per_device_train_batch_size 2 --gradient_accumulation_steps=8 \\
    --eos_token '<|im_end|>' \\
    --eval_strategy steps --eval_steps 100 \\
    --use_peft --lora_r 32 --lora-alpha 16 --lora_target_modules q_proj k_proj \\
    --no_gradient_checkpointing --bf16 --warmup_steps 0.1 --push_to_hub --hub_model_id me/qwen
`;
const TRL_DEFAULTS =
  'trl sft --model_name_or_path org/qwen --dataset_name org/chats --completion_only_loss false --adam_beta2 0.95';
const TRL_PEFT = 'trl sft --model_name_or_path org/qwen --dataset_name a.csv --use_peft --load_in_4bit\n';
const TRL_YAML = 'model_name_or_path: org/qwen\ndataset_name: a.parquet\nmax_length: null\nreport_to: none\n';

const files = {
  'qlora.yml': QLORA,
  'full.yaml': FULL,
  'factory.yaml': FACTORY,
  'factory-full.yaml': FACTORY_FULL,
  'sft.sh': TRL,
  'defaults.txt': TRL_DEFAULTS,
  'peft.sh': TRL_PEFT,
  'sft.yaml': TRL_YAML,
};

interface Answer {
  readonly from: string;
  readonly options: Record<string, unknown>;
  readonly lost: readonly Lost[];
}

async function imported(file: keyof typeof files) {
  await writeFile(join(folder, file), files[file]);
  const world = { cwd: folder };
  const { exitCode, stdout, stderr } = await runWith([importConfig], ['import-config', file, '--json'], world);
  expect([exitCode, stderr]).toEqual([0, '']);
  const answer = lastJson(stdout) as Answer;
  const why = (option: string) => answer.lost.find((one) => one.option === option)?.reason;
  return { ...answer, why, text: await readFile(join(folder, 'counterweight.yaml'), 'utf8') };
}

describe('every config that is written', () => {
  it.each(Object.keys(files) as (keyof typeof files)[])('%s: train takes it as it is', async (file) => {
    const { options, lost, text } = await imported(file);
    const config = await readConfig('counterweight.yaml', folder);
    expect(config).toEqual(options);
    expect(resolveOptions({ options: trainOptions }, { flags: {}, config })).toMatchObject(options);
    for (const { option } of lost) expect(text).toContain(`#   ${option}: `);
    expect(lost.filter(({ reason }) => reason === '')).toEqual([]);
  });
});

describe('Axolotl', () => {
  it('is what it says, with its defaults where it says nothing', async () => {
    const { from, options, why, text } = await imported('qlora.yml');
    expect(from).toBe('axolotl');
    expect(options).toEqual({
      ...{ model: 'org/llama-1b', method: 'lora', quantize: 'int4', precision: 'auto' },
      ...{ loraRank: 32, loraAlpha: 16, loraDropout: 0.05, loraTargets: ['all-linear'] },
      ...{ modulesToSave: ['embed_tokens', 'lm_head'], data: ['./data/train.jsonl'], evalSplit: 0.05 },
      ...{ maxLength: 4096, packing: 'examples', promptLossWeight: 1, templateLossWeight: 1 },
      // 16 rows a step, two at a time.
      ...{ batchSize: 2, gradientAccumulation: 8, epochs: 4, learningRate: 2e-4 },
      ...{ schedule: 'cosine', minLearningRateRatio: 0.1, warmupSteps: 10, weightDecay: 0 },
      ...{ recompute: true, evaluateEvery: 'epoch', earlyStoppingPatience: 3, seed: 42, wandb: 'team/support' },
    });
    expect(why('datasets')).toContain('hf download --repo-type dataset org/questions');
    expect(why('chat_template')).toContain('chat_template.jinja');
    expect(why('deepspeed')).toContain('one machine');
    expect(why('saves_per_epoch')).toContain('--checkpoint-every');
    expect(why('lora_init_magic')).toBe('there is no counterpart');
    expect(why('special_tokens')).toBeUndefined();
    expect(text).toContain('loraRank: 32  # lora_r\n');
    expect(text).toContain("seed: 42  # Axolotl's default\n");
    expect(text).toContain('quantize: "int4"  # load_in_4bit: in blocks of 32 integers');
  });

  it('without an adapter trains every weight, and names the nearest of what there is not', async () => {
    const { options, why } = await imported('full.yaml');
    expect(options).toMatchObject({
      ...{ method: 'full', data: ['a.jsonl', 'b.jsonl'], map: { prompt: 'question', completion: 'answer' } },
      ...{ output: './out', schedule: 'cosine', maxGradientNorm: 1e9, promptLossWeight: 0, warmupRatio: 0.03 },
    });
    expect(options).not.toHaveProperty('precision');
    expect(options).not.toHaveProperty('evaluateEvery');
    expect(why('optimizer')).toContain('AdamW is the only optimizer');
    expect(why('lr_scheduler')).toContain('the nearest is cosine');
    expect(why('bf16')).toContain('f32');
    expect(why('val_set_size')).toContain('--eval-split');
    expect(why('eval_steps')).toContain('--evaluate-every');
  });
});

describe('LLaMA-Factory', () => {
  it('is what it says, with its defaults where it says nothing', async () => {
    const { from, options, why, text } = await imported('factory.yaml');
    expect(from).toBe('llama-factory');
    expect(options).toEqual({
      ...{ model: 'org/qwen@v2', method: 'lora', loraRank: 16, loraAlpha: 32, loraTargets: ['q_proj', 'v_proj'] },
      ...{ data: ['rows.jsonl'], maxLength: 2048, maxRows: 1000, output: 'saves/lora', promptLossWeight: 0 },
      ...{ trainOn: 'last-turn', batchSize: 1, gradientAccumulation: 8, learningRate: 1e-4, epochs: 3 },
      ...{ schedule: 'cosine', minLearningRateRatio: 0.1, warmupRatio: 0.1, weightDecay: 0, precision: 'bf16' },
      ...{ evalSplit: 0.1, evaluateEvery: 500, checkpointEvery: 500, keep: 'best', bestMetric: 'completionLoss' },
      ...{ quantize: 'int8', seed: 42, tensorboard: true },
    });
    expect(why('dataset')).toContain('dataset_info.json');
    expect(why('report_to')).toBe('give the project with --wandb');
    expect(text).toContain('counterweight preview');
  });

  it('of every weight has no options of adapters', async () => {
    const { options, why } = await imported('factory-full.yaml');
    expect(options).toMatchObject({ method: 'full', promptLossWeight: 1, templateLossWeight: 1, batchSize: 8 });
    expect(Object.keys(options).filter((name) => name.startsWith('lora'))).toEqual([]);
    expect(why('pure_bf16')).toContain('f32');
  });
});

describe('TRL', () => {
  it('is what its command line says, over all processes', async () => {
    const { from, options, why, text } = await imported('sft.sh');
    expect(from).toBe('trl');
    expect(options).toEqual({
      ...{ model: 'org/qwen', data: ['./rows.jsonl'], method: 'lora', loraRank: 32, loraAlpha: 16 },
      ...{ loraTargets: ['q_proj', 'k_proj'], loraDropout: 0.05, learningRate: 2e-4, epochs: 1 },
      ...{ packing: 'examples', batchSize: 2, gradientAccumulation: 32, maxLength: 1024, precision: 'bf16' },
      ...{ promptLossWeight: 0, schedule: 'linear', warmupRatio: 0.1, weightDecay: 0, seed: 42 },
    });
    expect(why('push_to_hub')).toBe('after the training: counterweight push RUN --to me/qwen');
    expect(why('eval_strategy')).toContain('there are no rows to evaluate on');
    expect(text).toContain('× 4 processes');
    expect(text).toContain("promptLossWeight: 0  # TRL's default: it hangs on the rows there");
  });

  it('trains every weight where nothing is said, or the adapters that PEFT chooses', async () => {
    const { options, why } = await imported('defaults.txt');
    expect(options).toMatchObject({ method: 'full', promptLossWeight: 1, learningRate: 2e-5, data: ['rows.jsonl'] });
    expect(why('adam_beta2')).toBe('it is always 0.999');
    await rm(join(folder, 'counterweight.yaml'));
    const peft = await imported('peft.sh');
    expect(peft.options).toMatchObject({
      ...{ method: 'lora', loraRank: 16, loraAlpha: 32, loraTargets: ['q_proj', 'v_proj'], quantize: 'int4' },
    });
  });
});

describe('what is refused', () => {
  const run = async (name: string, text: string, ...flags: string[]) => {
    await writeFile(join(folder, name), text);
    return runWith([importConfig], ['import-config', name, ...flags], { cwd: folder });
  };

  it.each([
    ['dpo.yaml', 'base_model: a\nrl: dpo\n', 'This is a dpo training.'],
    ['ppo.yaml', 'model_name_or_path: a\nstage: ppo\nreward_model: b\n', 'This is a ppo training.'],
    ['list.yaml', '- a\n- b\n', 'no configuration'],
    ['broken.yaml', 'a: [1\n', 'no YAML'],
    ['other.yaml', 'learning_rate: 1\n', '--from axolotl or llama-factory or trl'],
    ['script.sh', 'python train.py --lr 1\n', 'trl sft'],
  ])('%s', async (name, text, said) => {
    expect(await run(name, text)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
  });

  it('a file that is there is not written over, and a file that is not there is named', async () => {
    expect(await run('a.yaml', QLORA, '--output', 'a.yaml')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('There is such a file already'),
    });
    expect(await readFile(join(folder, 'a.yaml'), 'utf8')).toBe(QLORA);
    const gone = await runWith([importConfig], ['import-config', 'b.yaml'], { cwd: folder });
    expect(gone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a.yaml') });
  });

  it('nothing of what it says acts on the file: a value is a value', async () => {
    const { stdout } = await run('x.yaml', 'base_model: "a\\nkeep: best"\n"evil\\nresume: true": 1\n', '--json');
    expect(lastJson(stdout)).toMatchObject({ options: { model: 'a\nkeep: best' } });
    const config = await readConfig('counterweight.yaml', folder);
    expect([config.resume, config.keep, config.model]).toEqual([undefined, undefined, 'a\nkeep: best']);
  });
});
