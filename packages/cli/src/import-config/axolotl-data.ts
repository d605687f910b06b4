import { isOn, needless, none, type Outcome, type Rule, type Source, turned } from './rule.ts';

/** What Axolotl says of rows, and of their words. */
export const axolotlData: readonly Rule[] = [
  turned('datasets', 'data', 'files; a data set of the hub has to be downloaded', (value) => filesOf(value, 'data')),
  turned('test_datasets', 'evalData', 'files', (value) => (isOn(value) ? filesOf(value, 'evalData') : {})),
  ...none('rows have prompts and answers; {"prompt": "", "completion": text} learns a text', 'pretraining_dataset'),
  turned('chat_template', [], "the model's own chat template is used", (value) =>
    !isOn(value) || value === 'tokenizer_default'
      ? {}
      : { lost: `the model's own chat template is used: put ${String(value)} into chat_template.jinja of its folder` },
  ),
  ...none(
    "the model's own chat template is used; another one goes into chat_template.jinja of its folder",
    'chat_template_jinja',
    'chat_template_kwargs',
  ),
  ...none("a system message is the rows' own", 'default_system_message'),
  turned('special_tokens', [], 'answers end where the chat template ends a turn', (value) => {
    const changed = Object.keys((value ?? {}) as object).filter((name) => name !== 'pad_token');
    return changed.length > 0
      ? { lost: `${changed.join(', ')}: the tokenizer's own are used; new ones with --add-tokens` }
      : {};
  }),
  turned('tokens', 'addTokens', 'a list', (value) => {
    if (Array.isArray(value) && value.length > 0) return { options: { addTokens: value } };
    return isOn(value) ? { lost: "the tokenizer's own are used; new ones with --add-tokens" } : {};
  }),
  ...none('answers end where the chat template ends a turn', 'eot_tokens'),
  turned('dataset_exact_deduplication', 'duplicates', '', (value) =>
    isOn(value) ? { options: { duplicates: 'drop' } } : {},
  ),
  ...needless(
    'tokenized rows are cached',
    'dataset_prepared_path',
    'dataset_processes',
    'dataset_num_proc',
    'dataset_keep_in_memory',
    'skip_prepare_dataset',
    'push_dataset_to_hub',
    'streaming',
    'dataloader_num_workers',
    'dataloader_pin_memory',
    'dataloader_prefetch_factor',
    'remove_unused_columns',
    'shuffle_merged_datasets',
    'shuffle_before_merging_datasets',
  ),
  ...none('rows at most: --max-rows', 'dataset_shard_num', 'dataset_shard_idx', 'min_sample_len'),
];

/** Kinds of rows that are read as they are. */
const READ = /^(alpaca|chat_template|sharegpt|completion$|input_output$)/;
const OURS = /^(alpaca|chat_template|sharegpt)/;

function filesOf(value: unknown, option: 'data' | 'evalData'): Outcome {
  const sets = [value].flat().filter((one) => typeof one === 'object' && one !== null) as Source[];
  const found = sets.map(fileOf);
  const files = found.flatMap(({ files }) => files);
  const lost = found.flatMap(({ lost }) => lost);
  const map = Object.assign({}, ...found.map(({ map }) => map)) as object;
  return {
    options: {
      [option]: files.length > 0 ? files : [PLACEHOLDER[option]],
      ...(Object.keys(map).length > 0 && { map }),
    },
    ...(lost.length > 0 && { lost: lost.join('; ') }),
  };
}

const PLACEHOLDER = { data: 'rows.jsonl', evalData: 'held-out.jsonl' } as const;

function fileOf(set: Source): { files: string[]; lost: string[]; map: object } {
  const { path = '', data_files, ds_type, split, type = '', name } = set;
  const isFile = /^[./~]|[.](jsonl?|csv|tsv|parquet)(.gz)?$/.test(String(path)) || isOn(ds_type);
  const ofBuilder = /^(json|csv|parquet|text)$/.test(String(path));
  const files =
    isOn(data_files) && (isFile || ofBuilder) ? [data_files].flat().map(String) : isFile ? [String(path)] : [];
  const lost = [
    ...(files.length > 0
      ? []
      : [
          `${String(path)}: a data set of the hub: download it (hf download --repo-type dataset ${String(path)}) and name its files with --data`,
        ]),
    ...(isOn(split) && split !== 'train' && files.length > 0 ? [`split ${String(split)}: a file is read whole`] : []),
    ...(isOn(name) ? [`${String(name)}: name its files with --data`] : []),
    ...kindLost(type),
    ...IGNORED.filter((field) => isOn(set[field])).map((field) => `${field}: see docs/rows-and-chat.md`),
  ];
  return { files, lost, map: mapOf(set) };
}

const IGNORED = [
  'roles_to_train',
  'train_on_eos',
  'train_on_eot',
  'message_property_mappings',
  'roles',
  'message_field_training',
  'message_field_training_detail',
  'shards',
  'drop_system_message',
];

function kindLost(type: unknown): string[] {
  if (typeof type !== 'string')
    return isOn(type) ? ['a format of its own: write a recipe, or map columns with --map'] : [];
  if (type === '' || OURS.test(type)) return [];
  const why = READ.test(type)
    ? 'learn texts as {"prompt": "", "completion": text}'
    : 'rows are {prompt, completion}, {messages}, Alpaca or ShareGPT; others by --map or a recipe';
  return [`type ${type}: ${why}`];
}

/** Columns with other names. */
function mapOf({ field_messages, type }: Source): object {
  const { field_instruction, field_output } = (typeof type === 'object' && type !== null ? type : {}) as Source;
  return {
    ...(isOn(field_messages) &&
      !['messages', 'conversations'].includes(String(field_messages)) && { messages: field_messages }),
    ...(isOn(field_instruction) && { prompt: field_instruction }),
    ...(isOn(field_output) && { completion: field_output }),
  };
}
