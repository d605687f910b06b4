import { BATCH_TOKENS } from '../batches/batches-by-length.ts';
import type { Decoder } from '../model/decoder.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import { stopIdsOf } from '../tokenizer/stop-ids.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { withoutEnd } from '../tokenizer/without-end.ts';
import { generateOutputs } from './generate-ids.ts';
import { rankAnswers } from './rank-answers.ts';
import type { GenerationRequest } from './request.ts';
import type { Sampling } from './sampling.ts';
import { stopIn, streamText } from './stream-text.ts';

export interface GenerateTextsOptions {
  readonly tokenizer: Tokenizer;
  readonly sampling?: Sampling | undefined;
  readonly random?: (() => number) | undefined;
  /** Where one of these begins a text ends, without it. */
  readonly stopStrings?: readonly string[] | undefined;
  /** New text of a prompt, as soon as it is whole characters. */
  readonly onText?: ((prompt: number, text: string) => void) | undefined;
  /** After each text, or each batch of those that are ranked, with their number. */
  readonly onDone?: ((prompts: number) => void) | undefined;
  /** Looked at after every token. */
  readonly signal?: AbortSignal | undefined;
}

export interface GeneratedText {
  /** Without special tokens, and without the words that end an answer in a chat template. */
  readonly text: string;
  /** Whether it was cut at the limit of tokens. */
  readonly cut: boolean;
  /** Tokens that were written, without the one that ends a text. */
  readonly newTokens: number;
}

/**
 * The text that continues each prompt, in the order of the requests.
 * @throws the reason of the signal once it is aborted
 */
export async function generateTexts(
  decoder: Decoder,
  requests: readonly GenerationRequest[],
  options: GenerateTextsOptions,
): Promise<GeneratedText[]> {
  const { signal, onDone, onText } = options;
  const ranked = requests.flatMap(({ promptIds, ranking }, i) => (ranking ? [{ promptIds, ranking, i }] : []));
  if (ranked.length === 0) return writeTexts(decoder, requests, options);
  const texts: GeneratedText[] = [];
  for (const [at, text] of (await rankAnswers(decoder, ranked, { signal, onDone })).entries()) {
    const { i } = ranked[at] as (typeof ranked)[number];
    texts[i] = { text, cut: false, newTokens: 0 };
    onText?.(i, text);
  }
  // In a mixture, other rows may be written.
  const others = [...requests.keys()].filter((i) => texts[i] === undefined);
  const written = await writeTexts(
    decoder,
    others.map((i) => requests[i] as GenerationRequest),
    { ...options, ...(onText && { onText: (own, text) => onText(others[own] as number, text) }) },
  );
  for (const [own, text] of written.entries()) texts[others[own] as number] = text;
  return texts;
}

async function writeTexts(
  decoder: Decoder,
  requests: readonly GenerationRequest[],
  { tokenizer, sampling = {}, random = Math.random, stopStrings = [], onText, onDone, signal }: GenerateTextsOptions,
): Promise<GeneratedText[]> {
  const decode = (prompt: number, ids: readonly number[]) =>
    tokenizer.decode(ids, answerPosition((requests[prompt] as GenerationRequest).promptIds, tokenizer));
  const { endWords = '' } = tokenizer;
  const texts: GeneratedText[] = [];
  const isWatched = onText !== undefined || stopStrings.length > 0;
  const stream = isWatched ? streamText(decode, { endWords, stopStrings, onText }) : undefined;
  await generateOutputs(
    decoder,
    requests.map(({ promptIds }) => promptIds),
    {
      ...sampling,
      random,
      signal,
      eosId: tokenizer.eosId,
      stopIds: stopIdsOf(tokenizer),
      maxNewTokens: requests.map(({ maxNewTokens }) => maxNewTokens),
      constraints: requests.map(({ constraint }) => constraint),
      tokensAtOnce: BATCH_TOKENS,
      ...(stream && { onToken: stream.push }),
      onEnd(prompt, { ids, cut }) {
        const whole = decode(prompt, ids);
        const stop = stopIn(whole, stopStrings);
        const text = stop === undefined ? withoutEnd(whole, endWords) : whole.slice(0, stop);
        texts[prompt] = { text, cut: cut && stop === undefined, newTokens: ids.length };
        stream?.finish(prompt, text);
        onDone?.(1);
      },
    },
  );
  return texts;
}
