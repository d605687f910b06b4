import type { HeldModel } from '@counterweight/core';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type AnswerHead, answerPiece, openingPiece, usagePiece } from './answer-objects.ts';
import { explainError } from './api-error.ts';
import type { ReadRequest } from './read-request.ts';

interface Streaming {
  readonly model: HeldModel;
  readonly head: AnswerHead;
  readonly read: ReadRequest;
  readonly signal: AbortSignal;
  readonly onError: ((error: unknown) => void) | undefined;
}

/**
 * The answer as server-sent events, `[DONE]` last. They begin with the first text, so that what is refused has its status; what
 * fails later is an event with an error.
 */
export async function streamAnswer(
  context: Context,
  { model, head, read, signal, onError }: Streaming,
): Promise<Response> {
  const left = new AbortController();
  const answering = model.stream({ ...read.answer, signal: AbortSignal.any([signal, left.signal]) });
  const pieces = answering[Symbol.asyncIterator]();
  let piece = await pieces.next();
  return streamSSE(context, async (stream) => {
    stream.onAbort(() => left.abort(new Error('The client has left.')));
    const send = (data: object) => stream.writeSSE({ data: JSON.stringify(data) });
    try {
      if (head.kind === 'chat') await send(openingPiece(head));
      for (; !piece.done; piece = await pieces.next()) await send(answerPiece(head, piece.value));
      const answer = await answering.result;
      await send(answerPiece(head, undefined, answer.finishReason));
      if (read.includesUsage) await send(usagePiece(head, answer));
      await stream.writeSSE({ data: '[DONE]' });
    } catch (error) {
      if (left.signal.aborted) return;
      const explained = explainError(error);
      if (explained.status === 500) onError?.(error);
      await send(explained.body);
    }
  });
}
