import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { loadTokenizer } from './load-tokenizer.ts';
import { storiesFolder } from './test-support/tokenizers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterweight-tokenizer-'));
});
afterEach(() => rm(folder, { recursive: true }));

const copy = (name: string) => cp(join(storiesFolder, name), join(folder, name));
const write = (name: string, value: unknown) =>
  writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

describe('loadTokenizer', () => {
  it('reads a model folder, with the BOS and EOS its settings name', async () => {
    const tokenizer = await loadTokenizer(storiesFolder);
    expect(tokenizer.vocabularySize).toBe(512);
    expect(tokenizer.bosId).toBe(1);
    expect(tokenizer.eosId).toBe(2);
    expect(tokenizer.encode('Hello world', 'start')).toEqual([346, 306, 414, 263, 304, 341]);
  });

  it('takes EOS from the model where the tokenizer does not name it, and BOS from the post-processor', async () => {
    await copy('tokenizer.json');
    await write('generation_config.json', { eos_token_id: [2, 0] });
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer).toMatchObject({ bosId: 1, eosId: 2 });
  });

  it('writes no BOS where the settings say so', async () => {
    await copy('tokenizer.json');
    await write('tokenizer_config.json', { eos_token: { content: '</s>' }, add_bos_token: false });
    expect(await loadTokenizer(folder)).toMatchObject({ bosId: undefined, eosId: 2 });
  });

  it.each([
    [
      'no such folder',
      'file-not-found',
      /no such model folder/,
      async () => rm(join(folder, '..', 'nowhere'), { force: true }),
    ],
    ['no tokenizer.json', 'tokenizer-invalid', /Put the tokenizer.json/, async () => {}],
    [
      'only tokenizer.model',
      'tokenizer-invalid',
      /only tokenizer\.model[\s\S]*Convert it once with Python: python -c .*save_pretrained/,
      () => write('tokenizer.model', 'x'),
    ],
    ['broken JSON', 'tokenizer-invalid', /not JSON/, () => write('tokenizer.json', '{')],
    ['no model inside', 'tokenizer-invalid', /model/, () => write('tokenizer.json', {})],
    ['no EOS', 'tokenizer-invalid', /no end-of-sequence token/, () => copy('tokenizer.json')],
    [
      'an EOS that is no token',
      'tokenizer-invalid',
      /not in the tokenizer's vocabulary/,
      async () => {
        await copy('tokenizer.json');
        await write('tokenizer_config.json', { eos_token: '<end>' });
      },
    ],
  ])('explains %s', async (name, code, message, prepare) => {
    await prepare();
    const error = await loadTokenizer(name === 'no such folder' ? join(folder, 'nowhere') : folder).catch((e) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(message);
    expect(error.where).toContain(folder);
  });
});
