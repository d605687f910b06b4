import type { Metadata } from '../format/metadata.ts';
import { PRE_TOKENIZERS, stepOf } from './pre-tokenizers.ts';
import { type TokenizerModel, type Vocabulary, vocabOf } from './vocabulary.ts';

const PRE = 'tokenizer.ggml.pre';

/** Tokens of bytes, as GPT-2's, with merges by rank. */
export function readByteLevel(metadata: Metadata, vocabulary: Vocabulary): TokenizerModel {
  const name = metadata.textOr(PRE, 'default');
  const rule = PRE_TOKENIZERS.find(({ names }) => names.includes(name));
  if (!rule) {
    const known = PRE_TOKENIZERS.flatMap(({ names }) => names).join(', ');
    return metadata.refuse(PRE, `texts are not cut as "${name}" does, but as ${known}.`);
  }
  return {
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: rule.whole === true,
      vocab: vocabOf(vocabulary),
      merges: metadata.texts('tokenizer.ggml.merges').map((merge) => pairOf(merge, metadata)),
    },
    normalizer: null,
    preTokenizer: stepOf(rule),
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    addsBos: rule.addsBos === true,
  };
}

/** Two tokens with a space between; the first may begin with one. */
function pairOf(merge: string, metadata: Metadata): [string, string] {
  const space = merge.indexOf(' ', 1);
  if (space < 0) metadata.refuse('tokenizer.ggml.merges', `${JSON.stringify(merge)} is no pair of tokens.`);
  return [merge.slice(0, space), merge.slice(space + 1)];
}
