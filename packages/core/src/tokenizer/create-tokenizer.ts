import { UserError } from '../errors.ts';
import { nextFreeId } from './add-tokens.ts';
import { buildPipeline } from './pipeline/pipeline.ts';
import { readPrefix } from './prefix.ts';
import type { Position, Tokenizer } from './tokenizer.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** What a tokenizer is made of, once its files are read. */
export interface TokenizerSettings {
  readonly json: TokenizerJson;
  readonly bosId: number | undefined;
  readonly eosId: number;
  readonly stopIds?: readonly number[] | undefined;
  /** For messages: the folder. */
  readonly where: string;
}

/**
 * Builds a tokenizer that works piece by piece, and gives a text as a whole the ids of the Rust package `tokenizers`.
 * @throws {UserError} `tokenizer-invalid` when a part of it is not known or not whole
 */
export function createTokenizer({ json, bosId, eosId, stopIds = [], where }: TokenizerSettings): Tokenizer {
  const explained = explainedFor(where);
  const pipeline = explained("The tokenizer can't be built", () => buildPipeline(json));
  const { addsPrefix, addsAfter } = explained("The tokenizer can't be built", () => readPrefix(json));
  const begun = new Set(json.added_tokens.filter(addsAfter).map(({ id }) => id));
  if (begun.size > 0 && bosId !== undefined) begun.add(bosId);

  const startsAfter = begun.size > 0 ? (id: number) => begun.has(id) : undefined;

  const decodeRun = (ids: readonly number[], position: Position): string => {
    const text = explained("The tokenizer can't decode tokens", () => pipeline.decode(ids));
    return addsPrefix && position === 'start' && text.startsWith(' ') ? text.slice(1) : text;
  };

  return {
    vocabularySize: nextFreeId(json),
    bosId,
    eosId,
    stopIds: stopIds.filter((id) => id !== eosId),
    addedTokens: json.added_tokens,
    startsAfter,
    bytesOf: pipeline.bytesOf && ((id) => (begun.has(id) ? undefined : pipeline.bytesOf?.(id))),
    encode(piece: string, position: Position): number[] {
      return explained("The tokenizer can't encode a text", () => pipeline.encode(piece, position));
    },
    decode(ids: readonly number[], position: Position = 'start', special?: 'keep'): string {
      let text = '';
      let run: number[] = [];
      let at = position;
      const flush = () => {
        if (run.length === 0) return;
        text += decodeRun(run, at);
        run = [];
        at = 'continuation';
      };
      for (const id of ids) {
        if (special === 'keep' || (id !== bosId && id !== eosId)) run.push(id);
        if (!startsAfter?.(id)) continue;
        flush();
        at = 'start';
      }
      flush();
      return text;
    },
  };
}

/** Errors of the pipeline, which looks at the settings when it is built, and when it works, as a user's. */
function explainedFor(where: string) {
  return <Result>(problem: string, work: () => Result): Result => {
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
}
