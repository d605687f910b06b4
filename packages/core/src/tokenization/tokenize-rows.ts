import { breather, orAbort } from '../abort.ts';
import type { UserError } from '../errors.ts';
import type { PlainLayout, RenderedExample } from '../recipe/recipe.ts';
import { isOfARow } from '../rows/invalid-rows.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { TokenizedExample } from './example.ts';
import { type DropReason, type Room, tokenizeExample } from './tokenize-example.ts';

/**
 * A row in words, with all that decides its ids but the tokenizer: plain data, which can go to another thread. How much
 * its tokens weigh in the loss is no part of it, so that runs with other weights find the same in the cache.
 */
export interface RenderedRow extends Room {
  readonly rendered: RenderedExample;
  readonly layout: PlainLayout;
  /** For messages: the place the row comes from. */
  readonly where: string;
}

export type Outcome = TokenizedExample | InvalidOutcome | Exclude<DropReason, 'no-weight'>;

/** A row that can't be written or tokenized, with what its error is made of: an error loses its class between threads. */
export interface InvalidOutcome {
  readonly invalid: ConstructorParameters<typeof UserError>[0];
}

export const isInvalid = (outcome: Outcome): outcome is InvalidOutcome =>
  typeof outcome === 'object' && 'invalid' in outcome;

/** Rows go their way in chunks: what a thread is handed at a time, and what the cache keeps in a file. */
export const CHUNK_ROWS = 512;
export type TokenizeChunk = (rows: readonly RenderedRow[]) => Promise<Outcome[]>;

/** Chunks under way at a time, at most: enough for all threads, few enough for memory. */
export const CHUNKS_AT_ONCE = 8;

export const tokenizeHere =
  (tokenizer: Tokenizer, chat: ChatTemplate | undefined, signal?: AbortSignal): TokenizeChunk =>
  async (rows) => {
    const breathe = breather(signal);
    const outcomes: Outcome[] = [];
    for (const { rendered, ...settings } of rows) {
      outcomes.push(outcomeOf(() => tokenizeExample(rendered, { ...settings, tokenizer, chat })));
      await breathe();
    }
    return outcomes;
  };

function outcomeOf(tokenize: () => Outcome): Outcome {
  try {
    return tokenize();
  } catch (error) {
    if (!isOfARow(error)) throw error;
    const { code, problem, where, fix } = error;
    return { invalid: { code, problem, fix, ...(where === undefined ? {} : { where }) } };
  }
}

/**
 * What becomes of the rows, in their order. Errors too come in the order of the rows: one of reading waits for the rows
 * before it. An abort waits for nothing.
 */
export async function* outcomesOf(
  rows: AsyncIterable<RenderedRow>,
  tokenizeChunk: TokenizeChunk,
  signal?: AbortSignal | undefined,
): AsyncIterable<Outcome> {
  const underWay: Promise<Outcome[]>[] = [];
  const start = (chunk: RenderedRow[]) => {
    const outcomes = orAbort(tokenizeChunk(chunk), signal);
    // Whoever waits for it sees the error; until then it is nobody's.
    outcomes.catch(() => {});
    underWay.push(outcomes);
  };
  let chunk: RenderedRow[] = [];
  let problem: { readonly error: unknown } | undefined;
  try {
    for await (const row of rows) {
      chunk.push(row);
      if (chunk.length < CHUNK_ROWS) continue;
      start(chunk);
      chunk = [];
      if (underWay.length === CHUNKS_AT_ONCE) yield* (await underWay.shift()) as Outcome[];
    }
  } catch (error) {
    signal?.throwIfAborted();
    problem = { error };
  }
  if (chunk.length > 0) start(chunk);
  for (const outcomes of underWay) yield* await outcomes;
  if (problem) throw problem.error;
}
