import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

const oddShapes: readonly (readonly [string, RegExp, object])[] = [
  ['steps that are no list', /normalizer\.normalizers/, { normalizer: { type: 'Sequence', normalizers: false } }],
  ['steps that are null', /pre_tokenizer\.pretokenizers/, { pre_tokenizer: { type: 'Sequence', pretokenizers: null } }],
  ['a step without a type', /normalizers\.0\.type/, { normalizer: { type: 'Sequence', normalizers: [{}] } }],
  ['a step of a type that nobody knows', /can't be built.*Nothing/, { normalizer: { type: 'Nothing' } }],
  ['a template without its parts', /post_processor\.single/, { post_processor: { type: 'TemplateProcessing' } }],
  ['a pattern of no kind', /pre_tokenizer\.pattern/, { pre_tokenizer: { type: 'Split', pattern: {} } }],
  [
    'a pattern that may never end',
    /may never end/,
    { normalizer: { type: 'Replace', pattern: { Regex: '((.*)*)*x' } } },
  ],
  ['a pattern that is none', /can't be built/, { pre_tokenizer: { type: 'Split', pattern: { Regex: '(a' } } }],
  ['a token with an id that none has', /added_tokens\.0\.id/, { added_tokens: [{ id: 1e12, content: 'x' }] }],
  ['a vocabulary of texts', /model\.vocab/, { model: { type: 'BPE', vocab: { a: 'b' }, merges: [] } }],
  ['merges that are none', /model\.merges/, { model: { type: 'BPE', vocab: { a: 1, '</s>': 2 }, merges: [1, 2] } }],
];

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

  it.each(oddShapes)('explains %s', async (_, message, change) => {
    await write('tokenizer_config.json', { eos_token: '</s>' });
    const json = JSON.parse(await readFile(join(storiesFolder, 'tokenizer.json'), 'utf8')) as object;
    await write('tokenizer.json', { ...json, ...change });
    const expected = {
      name: 'UserError',
      code: 'tokenizer-invalid',
      message: expect.stringMatching(message) as string,
    };
    await expect(loadTokenizer(folder)).rejects.toMatchObject(expected);
  });

  it('explains steps that lie thousands deep within each other', async () => {
    await copy('tokenizer.json');
    const deep = `${'{"type":"Sequence","normalizers":['.repeat(20_000)}${']}'.repeat(20_000)}`;
    await write('tokenizer.json', `{"model":{"vocab":{}},"normalizer":${deep}}`);
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'tokenizer-invalid' });
  });
});
