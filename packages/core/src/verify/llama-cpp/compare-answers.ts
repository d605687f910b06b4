import type { Completion } from './llama-server.ts';

/**
 * How two greedy answers are to each other. `near-tie`: where they part, llama.cpp finds our token nearly as likely as its
 * own, so that rounding decided.
 */
export type AnswerVerdict = 'same' | 'near-tie' | 'goes-on' | 'stops-early' | 'differs';

/** Nats between two tokens of which rounding may choose either: weights in 16 bits move logits by as much. */
const TIE = 0.1;

/**
 * @param ours without the words that end it; `cut` where it was cut at a limit, so that the other may go on
 * @param isEnd whether a token ends an answer
 */
export function compareAnswers(
  ours: { readonly text: string; readonly cut: boolean },
  { content, completion_probabilities: tokens = [] }: Completion,
  isEnd: (id: number) => boolean,
): AnswerVerdict {
  const text = ours.cut ? ours.text : ours.text.trimEnd();
  const isSame = ours.cut ? content.startsWith(text) : content.trimEnd() === text;
  if (isSame) return 'same';
  let at = 0;
  for (const { id, token, logprob, top_logprobs } of tokens) {
    const isWritten = !isEnd(id) && text.startsWith(token, at);
    if (isWritten && token !== '') {
      at += token.length;
      continue;
    }
    const rest = text.slice(at);
    const isOurs = (other: (typeof top_logprobs)[number]) =>
      isEnd(other.id) ? rest === '' && !ours.cut : other.token !== '' && rest.startsWith(other.token);
    if (top_logprobs.some((other) => other.id !== id && isOurs(other) && logprob - other.logprob < TIE)) {
      return 'near-tie';
    }
    break;
  }
  if (content.startsWith(text)) return 'goes-on';
  return text.startsWith(content.trimEnd()) ? 'stops-early' : 'differs';
}
