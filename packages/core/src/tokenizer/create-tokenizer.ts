import { UserError } from '../errors.ts';
import { nextFreeId } from './add-tokens.ts';
import { buildLibraryTokenizer } from './library.ts';
import { SPACE_MARK, splitPrefix } from './split-prefix.ts';
import type { Position, Tokenizer } from './tokenizer.ts';
import type { TokenizerConfig, TokenizerJson } from './tokenizer-json.ts';

/** What a tokenizer is made of, once its files are read. */
export interface TokenizerSettings {
  readonly json: TokenizerJson;
  readonly config: TokenizerConfig;
  readonly bosId: number | undefined;
  readonly eosId: number;
  readonly stopIds?: readonly number[] | undefined;
  /** For messages: the folder. */
  readonly where: string;
}

/**
 * Builds a tokenizer that works piece by piece over `@huggingface/tokenizers`.
 * @throws {UserError} `tokenizer-invalid` when the library can't build it.
 */
export function createTokenizer({ json, config, bosId, eosId, stopIds = [], where }: TokenizerSettings): Tokenizer {
  const { json: bare, addsPrefix, addsEverywhere, prefixIsPlainSpace } = splitPrefix(json);
  const library = build(bare, config, where);
  const withPrefix = addsPrefix && !prefixIsPlainSpace ? build(json, config, where) : undefined;
  const addedTokens = json.added_tokens.map((token) => token.content).filter((content) => !content.startsWith(' '));
  const markIds = idsOfLiteralSpaceMark(library);

  const encodeBare = (piece: string): number[] => {
    if (!markIds || !piece.includes(SPACE_MARK)) return library.encode(piece);
    return piece.split(SPACE_MARK).flatMap((part, i) => [...(i > 0 ? markIds : []), ...library.encode(part)]);
  };

  const encodeStart = (piece: string): number[] => {
    // A special token at the very start stands for itself, without a space before it.
    if (addedTokens.some((content) => piece.startsWith(content))) return encodeBare(piece);
    return withPrefix ? withPrefix.encode(piece) : encodeBare(` ${piece}`);
  };

  return {
    vocabularySize: nextFreeId(json),
    bosId,
    eosId,
    stopIds: stopIds.filter((id) => id !== eosId),
    addedTokens: json.added_tokens,
    spaceAfterAddedTokens: addsEverywhere,
    encode(piece: string, position: Position): number[] {
      if (piece === '') return [];
      return addsPrefix && position === 'start' ? encodeStart(piece) : encodeBare(piece);
    },
    decode(ids: readonly number[], position: Position = 'start', special?: 'keep'): string {
      const ours = special === 'keep' ? [...ids] : ids.filter((id) => id !== bosId && id !== eosId);
      if (ours.length === 0) return '';
      const text = library.decode(ours);
      return addsPrefix && position === 'start' && text.startsWith(' ') ? text.slice(1) : text;
    },
  };
}

/** The library's tokenizer, with its errors explained: it looks at the settings when it is built, and when it works. */
interface Working {
  encode(text: string): number[];
  decode(ids: number[]): string;
  idOf(token: string): number | undefined;
}

function build(json: TokenizerJson, config: TokenizerConfig, where: string): Working {
  const explained = <Result>(problem: string, work: () => Result): Result => {
    try {
      return work();
    } catch (cause) {
      throw new UserError({
        code: 'tokenizer-invalid',
        problem: `${problem}: ${cause instanceof Error ? cause.message : String(cause)}`,
        where,
        fix: 'Save the tokenizer again with a current version of transformers, or choose another model.',
        cause,
      });
    }
  };
  const library = explained("The tokenizer can't be built", () => buildLibraryTokenizer(json, config));
  return {
    encode: (text) =>
      explained("The tokenizer can't encode a text", () => {
        const { ids } = library.encode(text, { add_special_tokens: false });
        // What a vocabulary without an unknown token has no piece for.
        if (!ids.every(Number.isInteger)) throw new Error('there is no token for a part of it');
        return ids;
      }),
    decode: (ids) =>
      explained("The tokenizer can't decode tokens", () =>
        library.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
      ),
    idOf: (token) => library.token_to_id(token),
  };
}

/**
 * Where ▁ means a space, a ▁ of the text itself would come back as one. Its three UTF-8 bytes come back as they are;
 * undefined where there is nothing to rescue, or no byte tokens to do it with.
 */
function idsOfLiteralSpaceMark(library: Working): number[] | undefined {
  const bytes = ['<0xE2>', '<0x96>', '<0x81>'].map((token) => library.idOf(token));
  if (!bytes.every((id) => id !== undefined)) return undefined;
  return library.decode(library.encode(SPACE_MARK)) === SPACE_MARK ? undefined : bytes;
}
