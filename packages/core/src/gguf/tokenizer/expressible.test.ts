import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeChatStories } from '../../test-support/chat-stories.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { chatTemplateSources } from '../../tokenizer/load-chat-template.ts';
import { tokenizerMetadata } from './write-tokenizer.ts';

const path = temporaryFolder();
const byteLevelFile = new URL('../../tokenizer/fixtures/byte-level.tokenizer.json', import.meta.url);

const step = (type: string, more: object = {}) => ({ type, ...more });
const sequence = (name: string, ...steps: object[]) => ({ type: 'Sequence', [name]: steps });
const toMark = step('Replace', { pattern: { String: ' ' }, content: '▁' });
const prepend = step('Prepend', { prepend: '▁' });
const metaspace = (more: object) => ({
  normalizer: null,
  pre_tokenizer: step('Metaspace', { replacement: '▁', split: false, prepend_scheme: 'never', ...more }),
});
const bytes = (more: object = {}) => step('ByteLevel', { add_prefix_space: false, use_regex: true, ...more });
const llama3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const split = (more: object = {}) => ({
  pre_tokenizer: sequence(
    'pretokenizers',
    step('Split', { pattern: { Regex: llama3 }, behavior: 'Isolated', invert: false, ...more }),
    bytes({ use_regex: false }),
  ),
});
const token = (content: string, more: object = {}) => ({ id: 3, content, special: false, normalized: false, ...more });

type Json = Record<string, unknown> & { model: Record<string, unknown>; added_tokens: object[] };

/** What GGUF says of a tokenizer with other fields; those of its model are changed one by one. */
async function written(kind: 'byte-level' | 'SentencePiece', changes: (json: Json) => object) {
  const folder = await writeChatStories(path(`${Math.random()}`));
  const file = join(folder, 'tokenizer.json');
  const json = JSON.parse(await readFile(kind === 'byte-level' ? byteLevelFile : file, 'utf8')) as Json;
  const { model = {}, ...others } = changes(json) as { model?: object };
  await writeFile(file, JSON.stringify({ ...json, ...others, model: { ...json.model, ...model } }));
  for (const settings of ['tokenizer_config.json', 'special_tokens_map.json'])
    await writeFile(join(folder, settings), '{}');
  const config = { vocab_size: 1000, eos_token_id: 2 };
  return tokenizerMetadata({ folder, tokenizerFolder: folder, config }, { chatTemplate: undefined, stopIds: [] });
}
const pre = async (changes: object) => (await written('byte-level', () => changes)).get('tokenizer.ggml.pre')?.value;

describe('a tokenizer by bytes', () => {
  it.each([
    ['NFKC', { normalizer: sequence('normalizers', step('NFKC'), step('Lowercase')) }, /changes texts first \(NFKC\)/],
    ...['NFD', 'NFKD', 'Lowercase', 'StripAccents', 'Strip', 'BertNormalizer', 'Nmt', 'Precompiled'].map(
      (type) => [type, { normalizer: step(type) }, new RegExp(`\\(${type}\\)`)] as const,
    ),
    ['NFC and more', { normalizer: sequence('normalizers', step('NFC'), step('Lowercase')) }, /\(Lowercase\)/],
    ['Replace', { normalizer: toMark }, /\(Replace\)/],
    ['a word by itself', { added_tokens: [token('word', { single_word: true })] }, /"word" is cut out only where/],
    ['space before', { added_tokens: [token('<l>', { lstrip: true })] }, /"<l>" takes the white space before it/],
    ['space after', { added_tokens: [token('<r>', { rstrip: true })] }, /"<r>" takes the white space after it/],
    ['dropout', { model: { dropout: 0.1 } }, /leaves out merges at random/],
    ['marked tokens', { model: { continuing_subword_prefix: '##' } }, /marked with "##"/],
    ['marked ends', { model: { end_of_word_suffix: '</w>' } }, /marked with "<\/w>"/],
    ['other kinds', { model: { type: 'WordPiece' } }, /type BPE, not WordPiece/],
    ['a space before', { pre_tokenizer: bytes({ add_prefix_space: true }) }, /no known name in llama.cpp/],
    ['other words', { pre_tokenizer: sequence('pretokenizers', step('Punctuation'), bytes()) }, /no known name/],
    ['digits in one', { pre_tokenizer: sequence('pretokenizers', step('Digits'), bytes()) }, /no known name/],
    [
      'digits after',
      { pre_tokenizer: sequence('pretokenizers', bytes(), step('Digits', { individual_digits: true })) },
      /no known name/,
    ],
    ['cut away', split({ behavior: 'Removed' }), /no known name/],
    ['inverted', split({ invert: true }), /no known name/],
    [
      'cut twice',
      { pre_tokenizer: sequence('pretokenizers', ...(split().pre_tokenizer.pretokenizers as object[]), bytes()) },
      /no known name/,
    ],
    ['whole words in GPT-2', { model: { ignore_merges: true }, pre_tokenizer: bytes() }, /no known name/],
  ] as const)('is refused: %s', async (_, changes, reason) => {
    const writing = written('byte-level', () => changes);
    await expect(writing).rejects.toMatchObject({ code: 'model-unsupported' });
    await expect(writing).rejects.toThrow(reason);
  });

  it('is named by its rules', async () => {
    expect(await pre({ pre_tokenizer: bytes() })).toBe('gpt-2');
    expect(await pre({ pre_tokenizer: bytes(), normalizer: step('NFC') })).toBe('gpt-2');
    expect(await pre({ ...split(), model: { ignore_merges: true } })).toBe('llama-bpe');
    expect(await pre({ ...split(), model: { ignore_merges: false } })).toBe('dbrx');
  });
});

it('brings its chat template from wherever it stands', async () => {
  const folder = await writeChatStories(path('templates'));
  const place = { folder, tokenizerFolder: folder, config: { vocab_size: 512 } };
  const inList = [
    { name: 'default', template: 'plain' },
    { name: 'tool_use', template: 'with tools' },
  ];
  await rm(join(folder, 'chat_template.jinja'));
  await writeFile(join(folder, 'chat_template.json'), JSON.stringify({ chat_template: inList }));
  const chatTemplate = await chatTemplateSources(folder);
  const metadata = await tokenizerMetadata(place, { chatTemplate, stopIds: [] });
  expect(metadata.get('tokenizer.chat_template')?.value).toBe('plain');
  expect(metadata.get('tokenizer.chat_templates')?.value).toEqual(['tool_use']);
  expect(metadata.get('tokenizer.chat_template.tool_use')?.value).toBe('with tools');
});

describe("a tokenizer like SentencePiece's", () => {
  it.each([
    ['NFKC', { normalizer: sequence('normalizers', step('NFKC'), prepend, toMark) }, /changes texts first \(NFKC\)/],
    ['another mark', { normalizer: step('Replace', { pattern: { String: ' ' }, content: '_' }) }, /\(Replace\)/],
    ['no mark', { normalizer: null }, /does not write spaces as ▁/],
    ['words', { pre_tokenizer: step('Whitespace') }, /cuts them into words first \(Whitespace\)/],
    ['Metaspace first', metaspace({ prepend_scheme: 'first' }), /only at the very beginning \(Metaspace/],
    ['Metaspace always', metaspace({ prepend_scheme: 'always' }), /only where there is none \(Metaspace/],
    ['Metaspace of old', metaspace({ prepend_scheme: undefined, add_prefix_space: true }), /only where there is none/],
    ['another Metaspace', metaspace({ replacement: '_' }), /writes spaces as "_"/],
    [
      'a normalised token',
      { added_tokens: [token('<t>', { normalized: true })] },
      /"<t>" is looked for in the normalised/,
    ],
  ] as const)('is refused: %s', async (_, changes, reason) => {
    const writing = written('SentencePiece', () => changes);
    await expect(writing).rejects.toMatchObject({ code: 'model-unsupported' });
    await expect(writing).rejects.toThrow(reason);
  });

  it('is refused where bytes, words across spaces or merges are missing', async () => {
    const vocabularyOf = ({ model }: Json) => model.vocab as Record<string, number>;
    const without = (token: string) => (json: Json) => {
      const { [token]: _, ...vocab } = vocabularyOf(json);
      return { model: { vocab } };
    };
    await expect(written('SentencePiece', without('<0x41>'))).rejects.toThrow(/tokens for 255 of the 256 bytes/);
    const across = (json: Json) => ({
      ...metaspace({ split: true }),
      model: { vocab: { ...vocabularyOf(json), 'a▁b': 700 } },
    });
    await expect(written('SentencePiece', across)).rejects.toThrow(/cuts them at every space/);
    const unlisted = (json: Json) => ({ model: { vocab: { ...vocabularyOf(json), zq: 700 } } });
    await expect(written('SentencePiece', unlisted)).rejects.toThrow(/"z" and "q" become "zq"/);
  });

  it('gets a space before it where its normalizer says so', async () => {
    const prefix = async (changes: object) =>
      (await written('SentencePiece', () => changes)).get('tokenizer.ggml.add_space_prefix')?.value;
    expect(await prefix({})).toBe(true);
    expect(await prefix({ normalizer: toMark })).toBe(false);
    expect(await prefix({ normalizer: toMark, pre_tokenizer: step('Split', { pattern: { String: ' ' } }) })).toBe(
      false,
    );
    expect(await prefix(metaspace({}))).toBe(false);
  });

  it('may strip after its tokens as Phi-3 does, which its name then says', async () => {
    const leaving = [token('<unk>', { id: 0 }), token('<s>', { id: 1 }), token('<|endoftext|>', { id: 510 })];
    const stripping = [token('</s>', { id: 2, rstrip: true }), token('<|end|>', { id: 511, rstrip: true })];
    expect(await written('SentencePiece', () => ({ added_tokens: [...leaving, ...stripping] }))).toBeDefined();
    const others = written('SentencePiece', () => ({ added_tokens: [...leaving.slice(1), ...stripping] }));
    await expect(others).rejects.toThrow(/"<\/s>" takes the white space after it/);
  });
});
