import { describe, expect, it } from 'vitest';
import type { BlockShape } from '../../model/config.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { writeTinyModel } from '../../test-support/tiny-model.ts';
import { readConfig } from './read-config.ts';

const path = temporaryFolder();
let folders = 0;
const newFolder = () => path(String(folders++));

describe('config.json', () => {
  const read = async (json: object) => readConfig(await writeTinyModel(newFolder(), { json, weights: new Map() }));

  it.each([
    ['rope_theta', { rope_theta: 700 }],
    ['rope_theta and no rope_scaling', { rope_theta: 700, rope_scaling: null }],
    ['rope_theta and a default rope_scaling', { rope_theta: 700, rope_scaling: { type: 'default' } }],
    ['rope_parameters', { rope_theta: undefined, rope_parameters: { rope_type: 'default', rope_theta: 700 } }],
    ['both, which agree', { rope_theta: 700, rope_parameters: { rope_type: 'default', rope_theta: 700 } }],
  ])('says the base of the rotary embedding with %s', async (_, json) => {
    const { attention } = (await read(json)).blocks[0] as BlockShape;
    expect(attention.rotary?.frequencies).toEqual([1, 700 ** -0.5]);
  });

  it.each([
    ['dynamic', { rope_scaling: { type: 'dynamic', factor: 2 } }],
    ['longrope', { rope_scaling: { rope_type: 'longrope', factor: 8 } }],
    ['yarn', { rope_parameters: { rope_type: 'yarn', rope_theta: 500 } }],
  ])('is refused with rotary embedding of type %s', async (type, json) => {
    const message = expect.stringContaining(`"${type}"`) as string;
    await expect(read(json)).rejects.toMatchObject({ code: 'model-unsupported', message });
  });

  it.each([
    ['bert', 'bert'],
    ['constructor', 'constructor'],
    [undefined, 'unnamed'],
  ])('is refused with the architecture %s', async (modelType, named) => {
    const message = expect.stringContaining(`"${named}"`) as string;
    await expect(read({ model_type: modelType })).rejects.toMatchObject({ code: 'model-unsupported', message });
  });

  it('is refused with a text model inside something else, and says so', async () => {
    const message = expect.stringContaining('around it') as string;
    const wrapped = { model_type: 'mistral3', text_config: { model_type: 'mistral' } };
    await expect(read(wrapped)).rejects.toMatchObject({ code: 'model-unsupported', message });
  });

  it.each([
    [{ hidden_size: undefined }, 'hidden_size'],
    [{ num_hidden_layers: -1 }, 'num_hidden_layers'],
    [{ vocab_size: '37' }, 'vocab_size'],
  ])('is refused with %o, naming the field', async (json, field) => {
    const where = expect.stringContaining(`"${field}"`) as string;
    await expect(read(json)).rejects.toMatchObject({ code: 'model-invalid', where });
  });

  it('is refused when heads do not divide', async () => {
    await expect(read({ num_key_value_heads: 3 })).rejects.toMatchObject({ code: 'model-invalid' });
    await expect(read({ num_attention_heads: 3 })).rejects.toMatchObject({ code: 'model-invalid' });
  });

  it('has the defaults of transformers where it is silent', async () => {
    const silent = {
      num_key_value_heads: undefined,
      rms_norm_eps: undefined,
      rope_theta: undefined,
      tie_word_embeddings: undefined,
    };
    const config = await read(silent);
    expect(config).toMatchObject({ finalNorm: { epsilon: 1e-6 }, tiedEmbeddings: false });
    expect(config.blocks[0]?.attention).toMatchObject({ keyValueHeads: 4, rotary: { frequencies: [1, 0.01] } });
  });
});
