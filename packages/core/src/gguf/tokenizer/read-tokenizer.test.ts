import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test-support/folder.ts';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.ts';
import { hardTexts } from '../../tokenizer/test-support/hard-texts.ts';
import { reference } from '../../tokenizer/test-support/reference.ts';
import { storiesFolder } from '../../tokenizer/test-support/tokenizers.ts';
import { openGgufFiles } from '../format/open-files.ts';
import { bool, type GgufValue, list, text, uint32, writeGguf } from '../format/write-file.ts';
import { readTokenizer } from './read-tokenizer.ts';
import { tokenizerMetadata } from './write-tokenizer.ts';

const path = temporaryFolder();
let files = 0;

/** What is read of a file with this metadata, as the files of a folder. */
async function read(metadata: ReadonlyMap<string, GgufValue>) {
  const file = path(`${files++}.gguf`);
  await writeGguf(file, metadata, []);
  const gguf = await openGgufFiles([file]);
  await gguf.close();
  return readTokenizer(gguf.metadata);
}

/** A tokenizer's folder through GGUF and back. */
async function throughGguf(folder: string, vocab_size: number, name = 'a model'): Promise<string> {
  const checkpoint = { folder, tokenizerFolder: folder, config: { vocab_size } };
  const metadata = await tokenizerMetadata(checkpoint, { chatTemplate: undefined, stopIds: [] });
  const back = path(`back-${files++}`);
  await mkdir(back);
  const settings = await read(new Map([...metadata, ['general.name', text(name)]]));
  for (const [file, json] of Object.entries(settings)) await writeFile(join(back, file), JSON.stringify(json));
  return back;
}

/** 2,000 hard texts have the same ids at either position, and the ids the same text. */
async function expectSame(before: string, after: string): Promise<void> {
  const [own, read] = [await loadTokenizer(before), await loadTokenizer(after)];
  expect([read.bosId, read.eosId]).toEqual([own.bosId, own.eosId]);
  for (const hard of hardTexts(
    2000,
    own.addedTokens?.map(({ content }) => content),
  )) {
    for (const position of ['start', 'continuation'] as const) {
      const ids = own.encode(hard, position);
      expect(read.encode(hard, position), JSON.stringify(hard)).toEqual(ids);
      expect(read.decode(ids, position, 'keep')).toBe(own.decode(ids, position, 'keep'));
    }
  }
}

interface Added {
  readonly content: string;
  readonly [rule: string]: unknown;
}

/** One of the reference's tokenizers as a folder, without added tokens that llama.cpp has no rule for. */
async function referenceFolder(name: string): Promise<string> {
  const { ids: _, hash: __, base = '', model, ...rest } = reference.kinds[name] ?? {};
  const folder = path(`kind-${files++}`);
  await mkdir(folder);
  const isPlain = ({ single_word, lstrip, rstrip, normalized }: Added) =>
    !(single_word || lstrip || rstrip || normalized);
  const added_tokens = (rest as unknown as { added_tokens: Added[] }).added_tokens.filter(isPlain);
  // llama.cpp cuts the unknown token out of texts, as models do that have one.
  const { unk_token: content } = (model ?? {}) as { unk_token?: string };
  if (content !== undefined) added_tokens.push({ ...added_tokens[0], id: 0, content, special: true });
  const json = { ...rest, added_tokens, model: { ...reference.models[base], ...model } };
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(json));
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ eos_token: '<|end|>' }));
  return folder;
}

describe('a tokenizer that went through a GGUF file gives 2,000 hard texts the same ids', () => {
  it("of SentencePiece's kind, with BOS", async () => {
    const folder = path('stories');
    await cp(storiesFolder, folder, { recursive: true });
    await expectSame(folder, await throughGguf(folder, 512));
  });

  it.each(['gpt2', 'digits', 'llama3', 'llama3-ignore-merges', 'bpe-legacy', 'bpe-gemma'])('%s', async (name) => {
    const folder = await referenceFolder(name);
    const { vocabularySize } = await loadTokenizer(folder);
    await expectSame(folder, await throughGguf(folder, vocabularySize + 3));
  });
});

const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const tokens = ['<unk>', '<s>', '</s>', ...bytes, '▁', 'a', 'b', 'ab', '▁ab'];
const kinds = [2, 3, 3, ...bytes.map(() => 6), 1, 1, 1, 1, 1];
const small: Readonly<Record<string, GgufValue>> = {
  model: text('llama'),
  tokens: list('string', tokens),
  token_type: list('int32', kinds),
  scores: list(
    'float32',
    tokens.map((_, i) => -i),
  ),
};
const keyed = (keys: Readonly<Record<string, GgufValue>>) =>
  new Map(Object.entries(keys).map(([key, value]) => [`tokenizer.ggml.${key}`, value]));
const smallBpe = { model: text('gpt2'), pre: text('gpt-2'), tokens: list('string', ['a', 'b', 'ab', '<|e|>']) };
const bpe = { ...smallBpe, token_type: list('int32', [1, 1, 1, 3]), merges: list('string', ['a b']) };

describe('settings', () => {
  it("have SentencePiece's own ids where the file has none, and texts begin with BOS", async () => {
    const settings = await read(keyed(small));
    expect(settings['tokenizer_config.json']).toMatchObject({
      bos_token: '<s>',
      eos_token: '</s>',
      unk_token: '<unk>',
    });
    expect(settings['tokenizer_config.json']).toMatchObject({ add_bos_token: true });
    expect(settings['generation_config.json']).toEqual({ bos_token_id: 1, eos_token_id: 2 });
    expect(settings['tokenizer.json']).toMatchObject({
      model: {
        merges: [
          ['a', 'b'],
          ['▁', 'ab'],
        ],
      },
    });
    const without = await read(keyed({ ...small, add_bos_token: bool(false), add_space_prefix: bool(false) }));
    expect(without['tokenizer_config.json']).toMatchObject({ add_bos_token: false });
    expect(without['tokenizer.json']).toMatchObject({
      post_processor: null,
      normalizer: { normalizers: [{ type: 'Replace' }] },
    });
  });

  it('name every token that ends an answer once, and none that there is not', async () => {
    const ends = {
      eos_token_id: uint32(3),
      eot_token_id: uint32(3),
      eom_token_id: uint32(2),
      bos_token_id: uint32(99),
    };
    const settings = await read(keyed({ ...bpe, ...ends }));
    expect(settings['generation_config.json']).toEqual({ eos_token_id: [3, 2] });
    expect(settings['tokenizer_config.json']).toMatchObject({ eos_token: '<|e|>', add_bos_token: false });
  });

  it('strip white space after special tokens where the name says Phi-3', async () => {
    const added = async (name: string) => {
      const settings = await read(new Map([...keyed(small), ['general.name', text(name)]]));
      const { added_tokens } = settings['tokenizer.json'] as { added_tokens: { content: string; rstrip: boolean }[] };
      return added_tokens.filter(({ rstrip }) => rstrip).map(({ content }) => content);
    };
    expect(await added('Phi 3 mini')).toEqual([]);
    expect(await added('Phi-3-mini')).toEqual(['</s>']);
  });
});

describe('what is not known is refused by its name', () => {
  const changed = (of: object, change: object) => keyed({ ...of, ...change } as Record<string, GgufValue>);
  it.each<[string, Map<string, GgufValue>, string]>([
    ['another kind', changed(small, { model: text('bert') }), 'vocabularies of the kind "bert"'],
    ['no kind', new Map(), '"tokenizer.ggml.model" is missing'],
    ['words cut otherwise', changed(bpe, { pre: text('chatglm-bpe') }), 'texts are not cut as "chatglm-bpe" does'],
    ['words cut as nobody says', changed(bpe, { pre: text('default') }), 'as "default" does'],
    ['no pairs', changed(bpe, { merges: list('string', ['ab']) }), '"ab" is no pair of tokens'],
    ['merges of another type', changed(bpe, { merges: text('a b') }), '"tokenizer.ggml.merges" is not a list of texts'],
    ['kinds for other tokens', changed(bpe, { token_type: list('int32', [1]) }), '1 kinds for 4 tokens'],
    ['a kind that there is not', changed(bpe, { token_type: list('int32', [1, 1, 1, 9]) }), 'there is no kind 9'],
    ['a token twice', changed(bpe, { tokens: list('string', ['a', 'b', 'a', 'c']) }), 'a token is in it twice'],
    ['no tokens', changed(bpe, { tokens: list('string', []) }), 'it is empty'],
    ['no scores', changed(small, { scores: list('float32', [1]) }), '"tokenizer.ggml.scores" is not known here'],
    [
      'scores that are none',
      changed(small, {
        scores: list(
          'float32',
          tokens.map(() => Number.NaN),
        ),
      }),
      'no list of 264',
    ],
    [
      'bytes that are missing',
      changed(small, {
        token_type: list(
          'int32',
          kinds.map((kind) => (kind === 6 ? 1 : kind)),
        ),
      }),
      '0 of the 256 bytes',
    ],
  ])('%s', async (_, metadata, said) => {
    await expect(read(metadata)).rejects.toMatchObject({ name: 'UserError', problem: expect.stringContaining(said) });
  });
});
