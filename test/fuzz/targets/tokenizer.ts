import { createTokenizer } from '../../../packages/core/src/tokenizer/create-tokenizer.ts';
import { parseSettings } from '../../../packages/core/src/tokenizer/read-settings.ts';
import { findBosId, findEosId } from '../../../packages/core/src/tokenizer/special-ids.ts';
import { tokenizerJsonSchema } from '../../../packages/core/src/tokenizer/tokenizer-json.ts';
import { bytes, JSON_WORDS, type Target } from './target.ts';

const TEXTS = ['Hello wörld 123', "  it's\n\t‘a’ 你好 👩‍👩‍👧 \u00a0x", '<s>[INST] a</s>', 'a'.repeat(40)];

export const tokenizerTarget: Target = {
  name: 'tokenizer',
  json: 'whole',
  words: [
    ...JSON_WORDS,
    ...['Sequence', 'Split', 'ByteLevel', 'Metaspace', 'Regex', 'Replace', 'BPE', 'WordPiece', 'Unigram'].map(
      (word) => `"${word}"`,
    ),
  ],
  seeds: smallTokenizers(),
  read(input) {
    const json = parseSettings(Buffer.from(input).toString(), 'tokenizer.json', tokenizerJsonSchema);
    const sources = {
      json,
      configs: [{ add_bos_token: true }],
      models: [{ bos_token_id: 1, eos_token_id: [2, 3] }],
      where: 'x',
    };
    const tokenizer = createTokenizer({
      json,
      bosId: findBosId(sources),
      eosId: findEosId(sources),
      where: 'x',
    });
    for (const text of TEXTS) tokenizer.decode(tokenizer.encode(text, 'start').slice(0, 50), 'continuation');
  },
};

/** Tokenizers of every kind, with few enough tokens that thousands can be built in a second. */
function smallTokenizers(): Uint8Array[] {
  const vocab = Object.fromEntries(
    ['<unk>', '<s>', '</s>', '▁', 'a', 'b', 'Ġa', 'ab', '##a', 'H', 'e'].map((token, id) => [token, id]),
  );
  const added_tokens = [
    { id: 1, content: '<s>', special: true },
    { id: 2, content: '</s>', special: true, rstrip: true },
  ];
  const [bpe, unigram] = [
    { type: 'BPE', unk_token: '<unk>', byte_fallback: true, fuse_unk: true, vocab, merges: ['a b', ['Ġ', 'a']] },
    { type: 'Unigram', unk_id: 0, vocab: Object.keys(vocab).map((token) => [token, -1]) },
  ];
  const mark = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const single = [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }];
  const llama = {
    normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, mark] },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [],
      special_tokens: { '<s>': { id: '<s>', ids: [1] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [mark, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }],
    },
  };
  const split = {
    type: 'Split',
    pattern: { Regex: ' ?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+' },
    behavior: 'Isolated',
    invert: false,
  };
  const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: false };
  const gpt = {
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split, { type: 'Digits', individual_digits: true }, byteLevel] },
    normalizer: { type: 'NFC' },
    decoder: byteLevel,
  };
  const bert = {
    normalizer: { type: 'BertNormalizer', lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'WordPiece', prefix: '##' },
  };
  const t5 = {
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' },
    decoder: { type: 'Metaspace', replacement: '▁' },
  };
  return [
    { ...llama, model: bpe },
    { ...gpt, model: bpe },
    { ...bert, model: { type: 'WordPiece', unk_token: '<unk>', continuing_subword_prefix: '##', vocab } },
    { ...t5, model: unigram },
  ].map((json) => bytes(JSON.stringify({ version: '1.0', added_tokens, ...json })));
}
