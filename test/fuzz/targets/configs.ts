import { join } from 'node:path';
import { adaptersOf } from '../../../packages/core/src/checkpoint/adapter/adapter-config.ts';
import { parseAdapterConfig } from '../../../packages/core/src/checkpoint/adapter/read-adapter-config.ts';
import { targetedLayers } from '../../../packages/core/src/checkpoint/adapter/targeted-layers.ts';
import { parseConfig } from '../../../packages/core/src/checkpoint/pretrained/read-config.ts';
import { baseParameters, linearsOf } from '../../../packages/core/src/model/parameters/parameter-table.ts';
import { bytes, filesIn, JSON_WORDS, repository, type Target } from './target.ts';

const LAYERS = [0, 1, 12].flatMap((i) =>
  ['self_attn.q_proj', 'mlp.down_proj'].map((name) => `model.layers.${i}.${name}`),
);

export const adapterTarget: Target = {
  name: 'adapter',
  json: 'whole',
  words: [...JSON_WORDS, '(', ')', '*', '+', '{1000}', '.*', '(?=', '\\\\d', '|', '[^a]', '(?i)', '^', '$', '(?P<a>'],
  seeds: [
    ...[
      '{"(a|b)+c":2}',
      '{"^model\\\\.layers\\\\.[0-3]\\\\..*q_proj$":3,".*\\\\.(q|v)_proj":4}',
      '{"layers.0.q_proj":4}',
      '{},"exclude_modules":".*\\.[01]\\..*","layers_to_transform":[0,12],"layers_pattern":"layers"',
    ].map((pattern) =>
      bytes(
        `{"peft_type":"LORA","r":8,"lora_alpha":16,"target_modules":["q_proj"],"rank_pattern":${pattern},"alpha_pattern":${pattern},"use_rslora":true,"use_dora":false,"modules_to_save":null,"bias":"none","init_lora_weights":true,"base_model_name_or_path":"x"}`,
      ),
    ),
  ],
  read(input) {
    const config = parseAdapterConfig(Buffer.from(input).toString(), 'adapter_config.json');
    const adapterOf = adaptersOf(config, 'adapter_config.json');
    for (const layer of LAYERS) adapterOf(layer);
    targetedLayers(config, LAYERS);
  },
};

export const configTarget: Target = {
  name: 'config',
  json: 'whole',
  words: [
    ...JSON_WORDS,
    ...['llama', 'gemma2', 'gpt2', 'rope_scaling', 'head_dim', 'layer_types'].map((word) => `"${word}"`),
  ],
  seeds: filesIn(join(repository, 'test/reference/fixtures/families'), /config\.json$/),
  read(input) {
    const config = parseConfig(Buffer.from(input).toString(), 'config.json');
    baseParameters(config, linearsOf(config));
  },
};
