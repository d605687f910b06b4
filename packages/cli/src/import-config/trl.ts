import { needless, none, type Rule, type Source, same, turned, whether } from './rule.ts';
import { TRAINER_DEFAULTS, trainerArguments } from './trainer-arguments.ts';
import { ANSWERS_ONLY, FULL_LOSS, heldOut, inBits, modulesToSave, targets, trainsAdapter } from './values.ts';

/** TRL's `trl sft`: ScriptArguments, SFTConfig and ModelConfig, as of July 2026. */

export const TRL_DEFAULTS = {
  ...TRAINER_DEFAULTS,
  learning_rate: 2e-5,
  max_length: 1024,
  use_peft: false,
  completion_only_loss: null,
} as const;

/** What the adapters are where nothing is said; without --use_peft there are none. */
export const TRL_ADAPTER_DEFAULTS = {
  lora_r: 16,
  lora_alpha: 32,
  lora_dropout: 0.05,
  lora_target_modules: null,
} as const;

const rowsOf = (value: unknown): ReturnType<Rule['translate']> =>
  /^[./~]|\.(jsonl?|csv|tsv|parquet)$/.test(String(value))
    ? { options: { data: [String(value)] } }
    : {
        options: { data: ['rows.jsonl'] },
        lost: `a data set of the hub: download it (hf download --repo-type dataset ${String(value)}) and name its files with --data`,
      };

export const trl: readonly Rule[] = [
  turned('model_name_or_path', 'model', 'with model_revision', (value, { model_revision = 'main' }) => ({
    options: { model: model_revision === 'main' ? value : `${String(value)}@${String(model_revision)}` },
  })),
  ...needless('read with the model', 'model_revision'),
  turned('dataset_name', 'data', 'files; a data set of the hub has to be downloaded', rowsOf),
  ...none(
    'files are named by themselves: --data, --eval-data',
    'dataset_config',
    'dataset_train_split',
    'dataset_test_split',
    'datasets',
  ),
  heldOut('test_split_size'),
  ...needless('rows are a stream always', 'dataset_streaming', 'streaming', 'ignore_bias_buffers', 'dataset_kwargs'),
  turned('dataset_text_field', 'map', 'text: learnt as a completion without a prompt', (value) =>
    value === 'text'
      ? {}
      : {
          options: { map: { completion: String(value) } },
          note: 'the text is the completion; a row needs a prompt as well, which may be empty',
        },
  ),
  whether('use_peft', { method: 'lora' }, { method: 'full' }),
  same('lora_r', 'loraRank'),
  same('lora_alpha', 'loraAlpha'),
  same('lora_dropout', 'loraDropout'),
  turned(
    'lora_target_modules',
    'loraTargets',
    "none: PEFT's own choice, which is q_proj,v_proj of most families",
    (value, all) =>
      value === null
        ? { options: { loraTargets: ['q_proj', 'v_proj'] }, note: "PEFT's own choice for most families" }
        : targets('lora_target_modules').translate(value, all),
  ),
  ...none('linear layers get adapters, not single parameters', 'lora_target_parameters'),
  modulesToSave('lora_modules_to_save'),
  ...needless('there is one task', 'lora_task_type'),
  whether('use_rslora', { rsLora: true }),
  whether('use_dora', { dora: true }),
  inBits('load_in_8bit', 8),
  inBits('load_in_4bit', 4),
  ...none(
    'blocks are of 32 integers with a scale',
    'bnb_4bit_quant_type',
    'use_bnb_nested_quant',
    'bnb_4bit_quant_storage',
  ),
  turned('dtype', 'precision', 'bfloat16 becomes bf16, float32 f32', precisionOf),
  turned('torch_dtype', 'precision', 'bfloat16 becomes bf16, float32 f32', precisionOf),
  ...needless(
    'attention is exact, and linear in memory',
    'attn_implementation',
    'padding_free',
    'activation_offloading',
    'pad_to_multiple_of',
  ),
  turned('max_length', 'maxLength', 'none: set it to the longest row', (value) =>
    value === null ? { lost: 'give the longest length: --max-length' } : { options: { maxLength: Number(value) } },
  ),
  turned('max_seq_length', 'maxLength', 'its old name', (value) => ({ options: { maxLength: Number(value) } })),
  ...none('prompts are cut before answers, from where the recipe says', 'truncation_mode'),
  whether('packing', { packing: 'examples' }, {}, 'each example sees itself only'),
  turned('packing_strategy', [], 'examples are never cut to fill a row', (value) =>
    value === 'bfd' ? {} : { lost: 'examples are packed whole, first fit' },
  ),
  ...none('evaluations are not packed', 'eval_packing'),
  turned(
    'completion_only_loss',
    ['promptLossWeight', 'templateLossWeight'],
    'true: 0, false: 1; any weight between is possible',
    completionOnly,
  ),
  whether('assistant_only_loss', ANSWERS_ONLY, {}, 'the same as completion_only_loss'),
  turned('loss_type', [], 'the weighted negative log-likelihood', (value) =>
    value === 'nll' || value === 'chunked_nll' ? {} : { lost: 'the loss is the weighted negative log-likelihood' },
  ),
  turned('eos_token', [], 'the token that ends a turn in the template', (value) => ({
    note: `answers end where the chat template ends a turn: look whether that is ${String(value)} (counterweight preview)`,
  })),
  ...none(
    "the model's own chat template is used; another one goes into chat_template.jinja of its folder",
    'chat_template_path',
  ),
  ...needless('there is none in a batch', 'pad_token'),
  ...needless('whether rows are shuffled: always, anew every epoch', 'shuffle_dataset'),
  ...none('nothing of a model is run as code', 'trust_remote_code'),
  ...none('models are as their config says', 'model_init_kwargs', 'router_aux_loss_coef'),
  ...none('options are in one place here', 'config'),
  ...trainerArguments,
];

function precisionOf(value: unknown, all: Source): ReturnType<Rule['translate']> {
  if (value === 'auto') return {};
  if (!trainsAdapter(all)) return value === 'bfloat16' ? { lost: 'a training of every weight is in f32 here' } : {};
  if (value === 'bfloat16') return { options: { precision: 'bf16' } };
  if (value === 'float32') return { options: { precision: 'f32' } };
  return { lost: `there is no ${String(value)}: f32, bf16 or auto` };
}

function completionOnly(value: unknown, { assistant_only_loss }: Source): ReturnType<Rule['translate']> {
  if (value === true || value === 'true') return { options: ANSWERS_ONLY };
  if (value === false || value === 'false') return { options: FULL_LOSS };
  if (assistant_only_loss === true || assistant_only_loss === 'true') return {};
  return {
    options: ANSWERS_ONLY,
    note: 'it hangs on the rows there: 0 for prompt and completion; for messages and text it is 1, and then templateLossWeight too',
  };
}
