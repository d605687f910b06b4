import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { ownProgram } from '../files/own-program.ts';
import type { TextProcessingSource } from '../tokenizer/text-processing.ts';
import { CHUNKS_AT_ONCE, type Outcome, type RenderedRow, type TokenizeChunk } from './tokenize-rows.ts';

/** What a thread answers to a chunk of rows. */
export type Answer = { readonly id: number } & (
  | { readonly outcomes: Outcome[] }
  | { readonly mistake: ConstructorParameters<typeof UserError>[0] }
  | { readonly error: unknown }
);

/** Tokenizing that is done sooner than this would be over before threads had loaded their tokenizers. */
const PATIENCE_MS = 700;

/** Characters of a text that keep a thread busy for so long, and nothing is heard meanwhile: not on this one. */
const LONG_TEXT = 2 ** 20;

/**
 * Tokenizes here until it has taken a while, or a text comes that will, then in threads: one a processor, but no more than there are chunks, each
 * begun when there is a first chunk for it, because a tokenizer is loaded for it. Rows come as they are rendered: recipes
 * are functions and stay where they are; the tokenizer is loaded by every thread from the model's folder.
 */
export function tokenizeInWorkers(
  source: TextProcessingSource,
  here: TokenizeChunk,
  patienceMs = PATIENCE_MS,
  mostWorkers = Math.min(availableParallelism(), CHUNKS_AT_ONCE),
): { tokenizeChunk: TokenizeChunk; close: () => Promise<void> } {
  let spentMs = 0;
  let turn = 0;
  const workers: ReturnType<typeof startWorker>[] = [];
  const tokenizeChunk: TokenizeChunk = async (rows) => {
    if (workers.length === 0 && spentMs < patienceMs && !rows.some(isLong)) {
      const began = performance.now();
      const outcomes = await here(rows);
      spentMs += performance.now() - began;
      return outcomes;
    }
    const place = turn++ % mostWorkers;
    workers[place] ??= startWorker(source);
    return workers[place].ask(rows);
  };
  const close = async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.end()));
  };
  return { tokenizeChunk, close };
}

const isLong = ({ rendered: { prompt, completion } }: RenderedRow): boolean =>
  [...prompt, ...completion].some(({ text }) => text.length > LONG_TEXT);

function startWorker(source: TextProcessingSource) {
  const worker = new Worker(ownProgram('tokenization/tokenizer-worker'), { workerData: source });
  const waiting = new Map<number, { resolve: (outcomes: Outcome[]) => void; reject: (error: unknown) => void }>();
  let asked = 0;
  worker.on('message', (answer: Answer) => {
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('outcomes' in answer) one?.resolve(answer.outcomes);
    else one?.reject('mistake' in answer ? new UserError(answer.mistake) : answer.error);
  });
  worker.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return {
    ask: (rows: readonly RenderedRow[]) =>
      new Promise<Outcome[]>((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, rows });
      }),
    end: () => worker.terminate(),
  };
}
