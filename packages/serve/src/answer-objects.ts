import type { Answer } from '@counterweight/core';
import type { RequestKind } from './read-request.ts';

/** What the objects of one answer have in common. */
export interface AnswerHead {
  readonly kind: RequestKind;
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

export const usageOf = ({ promptTokens, newTokens }: Answer) => ({
  prompt_tokens: promptTokens,
  completion_tokens: newTokens,
  total_tokens: promptTokens + newTokens,
});

/** The whole answer at once. */
export function wholeAnswer(head: AnswerHead, answer: Answer) {
  const { text, finishReason: finish_reason } = answer;
  const said = head.kind === 'chat' ? { message: { role: 'assistant', content: text, refusal: null } } : { text };
  const choice = { index: 0, ...said, logprobs: null, finish_reason };
  return {
    ...fields(head, head.kind === 'chat' ? 'chat.completion' : 'text_completion', [choice]),
    usage: usageOf(answer),
  };
}

/** A piece of a streamed answer. @param finish why it ended, in the last one */
export function answerPiece(head: AnswerHead, text: string | undefined, finish: Answer['finishReason'] | null = null) {
  const said = head.kind === 'chat' ? { delta: text === undefined ? {} : { content: text } } : { text: text ?? '' };
  return pieceOf(head, [{ index: 0, ...said, logprobs: null, finish_reason: finish }]);
}

/** Before the first piece of a chat. */
export const openingPiece = (head: AnswerHead) =>
  pieceOf(head, [
    { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
  ]);

/** After the last one, where the client asked for it. */
export const usagePiece = (head: AnswerHead, answer: Answer) => ({ ...pieceOf(head, []), usage: usageOf(answer) });

const pieceOf = (head: AnswerHead, choices: readonly object[]) =>
  fields(head, head.kind === 'chat' ? 'chat.completion.chunk' : 'text_completion', choices);

const fields = ({ id, created, model }: AnswerHead, object: string, choices: readonly object[]) => ({
  ...{ id, object, created, model, system_fingerprint: null },
  choices,
});
