import type { Step } from '../../tokenizer/tokenizer-json.ts';
import type { Metadata } from '../format/metadata.ts';
import { Kind } from './token-kinds.ts';
import { type TokenizerModel, type Vocabulary, vocabOf } from './vocabulary.ts';

const SPACE = '▁';
const SCORES = 'tokenizer.ggml.scores';
const TOKENS = 'tokenizer.ggml.tokens';
/** In UTF-16 units. The longest that a vocabulary has are runs of spaces, of a tenth of it. */
const LONGEST_TOKEN = 512;

/**
 * Tokens of characters with bytes to fall back on. llama.cpp merges any two tokens that make a third, the one with the
 * highest score first: as a list of merges these are all pairs that make a token, in the order of its score.
 */
export function readSentencePiece(metadata: Metadata, vocabulary: Vocabulary): TokenizerModel {
  const bytes = vocabulary.kinds.filter((kind) => kind === Kind.byte).length;
  if (bytes !== 256) metadata.refuse(TOKENS, `it has tokens for ${bytes} of the 256 bytes.`);
  const prefix = metadata.flagOr('tokenizer.ggml.add_space_prefix', true);
  const unknown = vocabulary.kinds.indexOf(Kind.unknown);
  const toMark: Step = { type: 'Replace', pattern: { String: ' ' }, content: SPACE };
  const prepend: Step = { type: 'Prepend', prepend: SPACE };
  const strip: Step = { type: 'Strip', content: ' ', start: 1, stop: 0 };
  const decoders: Step[] = [
    { type: 'Replace', pattern: { String: SPACE }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
  ];
  return {
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: vocabulary.tokens[unknown] ?? null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: vocabOf(vocabulary),
      merges: mergesByScore(metadata, vocabulary),
    },
    normalizer: { type: 'Sequence', normalizers: prefix ? [prepend, toMark] : [toMark] },
    preTokenizer: null,
    decoder: { type: 'Sequence', decoders: prefix ? [...decoders, strip] : decoders },
    addsBos: true,
  };
}

function mergesByScore(metadata: Metadata, { tokens, kinds }: Vocabulary): [string, string][] {
  const scores = metadata.numbers(SCORES) ?? metadata.refuse(SCORES, 'it is missing.');
  if (scores.length !== tokens.length || !scores.every(Number.isFinite)) {
    metadata.refuse(SCORES, `it is no list of ${tokens.length} numbers.`);
  }
  const merged = new Set(tokens.filter((_, id) => kinds[id] === Kind.normal || kinds[id] === Kind.unused));
  const ids = [...tokens.keys()].filter((id) => merged.has(tokens[id] as string));
  ids.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  return ids.flatMap((id) => pairsThatMake(tokens[id] as string, merged, metadata));
}

function pairsThatMake(token: string, known: ReadonlySet<string>, metadata: Metadata): [string, string][] {
  if (token.length > LONGEST_TOKEN) {
    metadata.refuse(TOKENS, `a token of ${token.length} characters is none that SentencePiece makes.`);
  }
  const pairs: [string, string][] = [];
  for (let at = 1; at < token.length; at++) {
    const [left, right] = [token.slice(0, at), token.slice(at)];
    if (known.has(left) && known.has(right)) pairs.push([left, right]);
  }
  return pairs;
}
