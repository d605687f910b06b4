import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseAdapterConfig } from './read-adapter-config.ts';
import { targetedLayers } from './targeted-layers.ts';

const file = new URL('fixtures/targeted-layers.json', import.meta.url);
const { layers, cases } = JSON.parse(await readFile(file, 'utf8')) as {
  readonly layers: string[];
  readonly cases: { readonly config: object; readonly layers: string[] }[];
};
const chosen = (fields: object) =>
  targetedLayers(
    parseAdapterConfig(JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 2, ...fields }), 'adapter_config.json'),
    layers,
  );

it.each(cases)('PEFT chooses these layers by $config', ({ config, layers: expected }) => {
  expect([...(chosen(config) ?? [])]).toEqual(expected);
});

it('takes every layer where that is what the config says', () => {
  expect(chosen({ target_modules: 'all-linear', exclude_modules: ['up_proj'] })).toEqual(
    new Set(layers.filter((layer) => !layer.endsWith('up_proj'))),
  );
});

it.each([
  {},
  { target_modules: null },
  { target_modules: '(?!model).*' },
  { target_modules: ['q_proj'], exclude_modules: '(?=.*q).*' },
  { target_modules: ['q_proj'], exclude_modules: '(' },
])('does not know what RE2 cannot say: %j', (fields) => {
  expect(chosen(fields)).toBeUndefined();
});
