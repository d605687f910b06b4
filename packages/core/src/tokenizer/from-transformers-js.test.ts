import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { fromTransformersJs } from './from-transformers-js.ts';
import { byteLevelJson, storiesJson, tokenizerJsons, tokenizerOf } from './test-support/tokenizers.ts';

const config = { bos_token: '<s>', eos_token: '</s>', add_bos_token: true };
const library = new LibraryTokenizer(storiesJson, config);

/** The objects as the three packages build them, reduced to what they keep of their settings. */
const objects = {
  '@huggingface/tokenizers': library,
  '@huggingface/transformers 4': {
    _tokenizerJSON: storiesJson,
    _tokenizerConfig: config,
    encode: (text: string) => library.encode(text).ids,
    decode: (ids: number[]) => library.decode(ids),
  },
  '@xenova/transformers 2': {
    _tokenizer_config: config,
    model: { config: storiesJson.model },
    normalizer: { config: storiesJson.normalizer },
    pre_tokenizer: null,
    post_processor: { config: storiesJson.post_processor },
    decoder: { config: storiesJson.decoder },
    added_tokens: storiesJson.added_tokens,
    encode: (text: string) => library.encode(text).ids,
    decode: (ids: number[]) => library.decode(ids),
  },
};

describe.each(Object.entries(objects))('an object of %s', (_, object) => {
  it('becomes a tokenizer that works piece by piece', () => {
    const tokenizer = fromTransformersJs(object);
    const direct = tokenizerOf(storiesJson);
    expect(tokenizer).toMatchObject({ bosId: 1, eosId: 2, vocabularySize: 512 });
    expect(tokenizer.encode('Once', 'start')).toEqual(direct.encode('Once', 'start'));
    expect(tokenizer.encode('Once', 'continuation')).toEqual(direct.encode('Once', 'continuation'));
  });
});

it('reads the pre-tokenizers of @xenova/transformers, which keep no settings', () => {
  const json = tokenizerJsons['Metaspace first'] ?? storiesJson;
  const metaspace = new LibraryTokenizer(json, config);
  const tokenizer = fromTransformersJs({
    ...objects['@xenova/transformers 2'],
    normalizer: null,
    pre_tokenizer: { tokenizers: [{ replacement: '▁', prepend_scheme: 'first', addPrefixSpace: true }] },
    encode: (text: string) => metaspace.encode(text).ids,
  } as never);
  expect(tokenizer.encode('Once', 'start')).not.toEqual(tokenizer.encode('Once', 'continuation'));
});

it('refuses an object whose settings it cannot see, or that encodes otherwise', () => {
  const foreign = { encode: () => [1], decode: () => '' };
  expect(() => fromTransformersJs(foreign)).toThrow(/settings could not be found[\s\S]*loadTokenizer/);
  const other = new LibraryTokenizer(byteLevelJson, config);
  const lying = { ...objects['@huggingface/transformers 4'], encode: (text: string) => other.encode(text).ids };
  expect(() => fromTransformersJs(lying)).toThrow(/encodes "Hello world" otherwise/);
});
