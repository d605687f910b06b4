import type { Position } from '../tokenizer.ts';
import type { AddedToken, TokenizerJson } from '../tokenizer-json.ts';
import { addedTokenCutter, type FoundToken } from './added-tokens.ts';
import { buildDecoder } from './decoders.ts';
import { buildModel } from './model.ts';
import { buildNormalizer } from './normalizers.ts';
import { buildPreTokenizer } from './pre-tokenizers.ts';
import type { Beginning, Normalizer } from './section.ts';
import { tokenBytes } from './token-bytes.ts';

/** A tokenizer as its `tokenizer.json` describes it, without the tokens that a post-processor writes around a text. */
export interface Pipeline {
  /** @throws {Error} where the vocabulary has no token for a part of the text */
  encode(text: string, position: Position): number[];
  /** The text of ids, in which the space that the tokenizer puts before a text is still there. */
  decode(ids: readonly number[]): string;
  /** What a token adds to a text; undefined for special ones. Undefined itself where that hangs on its neighbours. */
  readonly bytesOf: ((id: number) => Uint8Array | undefined) | undefined;
}

/**
 * The steps of the Rust package `tokenizers`, in its order: added tokens are cut out, what lies between them is
 * normalised, those added tokens that stand in normalised text are cut out, what is left is cut into pieces, and each
 * becomes ids. `test/reference/tokenizers` holds the ids against the package's.
 * @throws {Error} for a part that is not known or not whole
 */
export function buildPipeline(json: TokenizerJson): Pipeline {
  const model = buildModel(json.model);
  const normalize = buildNormalizer(json.normalizer);
  const preTokenize = buildPreTokenizer(json.pre_tokenizer);
  const decoder = buildDecoder(json.decoder);
  const added = knownTokens(json.added_tokens, model.idOf);
  const cutPlain = addedTokenCutter(patterns(added, false));
  const cutNormalized = addedTokenCutter(patterns(added, true, normalize));
  const addedById = new Map(added.map((token) => [token.id, token.content]));
  const special = new Set(added.filter((token) => token.special).map(({ id }) => id));
  const bytes = tokenBytes(json.decoder);

  const encodeSection = (text: string, begins: Beginning, ids: number[]) => {
    if (text === '') return;
    for (const piece of preTokenize({ pieces: [text], begins }).pieces) {
      const own = model.tokenize(piece);
      for (let i = 0; i < own.length; i++) ids.push(own[i] as number);
    }
  };

  return {
    encode(given, position) {
      const text = given.replace(/\p{Surrogate}/gu, '\ufffd');
      const first: Beginning = position === 'start' ? 'text' : 'middle';
      const ids: number[] = [];
      for (const cut of cutPlain(text)) {
        if ('id' in cut) {
          ids.push(cut.id);
          continue;
        }
        const part = normalize({ text: text.slice(cut.from, cut.to), begins: cut.from === 0 ? first : 'section' });
        for (const inner of cutNormalized(part.text)) {
          if ('id' in inner) ids.push(inner.id);
          else encodeSection(part.text.slice(inner.from, inner.to), inner.from === 0 ? part.begins : 'section', ids);
        }
      }
      return ids;
    },
    decode(ids) {
      const tokens = ids.flatMap((id) => {
        const content = addedById.get(id);
        const text = content ?? model.tokens[id];
        return text === undefined ? [] : [{ text, isAdded: content !== undefined }];
      });
      return decoder(tokens)
        .map(({ text }) => text)
        .join('');
    },
    bytesOf:
      bytes &&
      ((id) => {
        if (special.has(id)) return undefined;
        const content = addedById.get(id);
        const text = content ?? model.tokens[id];
        return text === undefined ? undefined : bytes({ text, isAdded: content !== undefined });
      }),
  };
}

/** Added tokens that are tokens of the model too have the model's id. */
function knownTokens(added: readonly AddedToken[], idOf: (token: string) => number | undefined): AddedToken[] {
  return added
    .filter(({ content }) => content !== '')
    .map((token) => ({ ...token, id: idOf(token.content) ?? token.id }));
}

/** The tokens that are looked for in text as it stands, or in normalised text, where they are normalised too. */
function patterns(added: readonly AddedToken[], normalized: boolean, normalize?: Normalizer): FoundToken[] {
  const byPattern = new Map<string, FoundToken>();
  // Special ones come first, and of equal ones the first counts.
  for (const token of [...added.filter(({ special }) => special), ...added.filter(({ special }) => !special)]) {
    if (isNormalized(token) !== normalized) continue;
    const pattern = normalize ? normalize({ text: token.content, begins: 'section' }).text : token.content;
    if (pattern !== '' && !byPattern.has(pattern)) byPattern.set(pattern, { ...token, pattern });
  }
  return [...byPattern.values()];
}

/** Where a file does not say it, special tokens are not normalised, and all others are. */
export const isNormalized = ({ normalized, special }: AddedToken): boolean => normalized ?? !special;
