import { UserError } from '../errors.ts';
import type { PlainLayout, RenderedExample } from '../recipe/recipe.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';
import type { Position, Tokenizer } from '../tokenizer/tokenizer.ts';
import { writeChat } from './chat/write-chat.ts';
import type { TokenClass, TokenizedExample } from './example.ts';
import { type TextPart, type WrittenExample, writePlain } from './plain/write-plain.ts';

/** The base weight of each class of token; the assistant's tokens have 1. */
export interface LossWeights {
  readonly promptLossWeight: number;
  readonly templateLossWeight: number;
  /** In place of the prompt's weight, for what one role says. */
  readonly systemLossWeight?: number | undefined;
  readonly userLossWeight?: number | undefined;
  readonly toolLossWeight?: number | undefined;
  /** Whether every answer of the assistant is learnt, or only the last. Default `all-turns`. */
  readonly trainOn?: 'all-turns' | 'last-turn' | undefined;
}

export interface TokenizeOptions {
  /** How roles become text without a chat template; an example that brings its own layout has that one. */
  readonly layout: PlainLayout;
  /** How roles become text for a model that has a chat template. */
  readonly chat?: ChatTemplate | undefined;
  readonly tokenizer: Tokenizer;
  /** Tokens of prompt and completion together. */
  readonly maxLength: number;
  /** For messages: the place the row comes from. */
  readonly where: string;
}

/** Why an example is not trained on: it does not fit the length, or no target of it has a weight. */
export type DropReason = 'too-long' | 'no-weight';

/**
 * An example in ids, with the weight of each as a target: base weight of its class × weight of its segment.
 * When it is too long, segments that say so lose tokens on the side they name, the first of them first; never the
 * completion, never the template.
 * @returns a reason instead, when the example is not to be trained on.
 * @throws {UserError} `example-too-long` when the completion alone is longer than `maxLength`.
 */
export function tokenizeExample(
  rendered: RenderedExample,
  options: TokenizeOptions & { readonly weights: LossWeights },
): TokenizedExample | DropReason {
  const { tokenizer, maxLength, weights, where } = options;
  const written = writeExample(weights.trainOn === 'last-turn' ? lastTurnOnly(rendered) : rendered, options);
  const prompt = encodeParts(written.prompt, tokenizer, 'start');
  const promptIds = prompt.flatMap((piece) => piece.ids);
  const completion = encodeParts(written.completion, tokenizer, answerPosition(promptIds, tokenizer));
  const room = maxLength - tokenCount(completion);
  const bos = tokenCount(prompt.filter((piece) => piece.class === 'bos'));
  if (room < bos) throw tooLong('completion', tokenCount(completion) + bos, maxLength, where);
  const { pieces, cutTokens } = shorten(prompt, room);
  if (tokenCount(pieces) > room) return 'too-long';

  const all = [...pieces, ...completion];
  const tokenWeights = all.flatMap((piece) => piece.ids.map(() => baseWeight(piece.class, weights) * piece.weight));
  tokenWeights[0] = 0;
  if (!tokenWeights.some((weight) => weight > 0)) return 'no-weight';
  return {
    ids: all.flatMap((piece) => piece.ids),
    weights: tokenWeights,
    classes: all.flatMap((piece) => piece.ids.map(() => piece.class)),
    promptLength: tokenCount(pieces),
    cutTokens,
  };
}

/**
 * The ids that generation starts from: the same as the first `promptLength` ids of the tokenized example.
 * @param options `newTokens` is the room to leave for the answer.
 * @throws {UserError} `example-too-long` when the prompt does not fit.
 */
export function tokenizePrompt(
  rendered: Omit<RenderedExample, 'completion'>,
  options: TokenizeOptions & { readonly newTokens: number },
): { readonly ids: number[]; readonly cutTokens: number } {
  const { tokenizer, maxLength, newTokens, where } = options;
  const room = maxLength - newTokens;
  const written = writeExample({ ...rendered, completion: [] }, options);
  const { pieces, cutTokens } = shorten(encodeParts(written.prompt, tokenizer, 'start'), room);
  if (tokenCount(pieces) > room) throw tooLong('prompt', tokenCount(pieces), room, where);
  return { ids: pieces.flatMap((piece) => piece.ids), cutTokens };
}

/** Roles to text: in the words of the model's chat template where there is one, else in the layout. */
function writeExample(rendered: RenderedExample, { chat, layout, where }: TokenizeOptions): WrittenExample {
  return chat ? writeChat(rendered, { template: chat, where }) : writePlain(rendered, rendered.layout ?? layout);
}

/** Earlier answers as context, not as something to learn. */
function lastTurnOnly({ prompt, ...rest }: RenderedExample): RenderedExample {
  return { ...rest, prompt: prompt.map((one) => (one.role === 'assistant' ? { ...one, weight: 0 } : one)) };
}

/** A piece in ids. */
interface EncodedPart {
  readonly ids: readonly number[];
  readonly class: TokenClass;
  readonly weight: number;
  readonly shorten: 'start' | 'end' | undefined;
}

/**
 * Each piece by itself: the boundaries between them are hard. Only the first text can begin the whole, and what follows
 * a special token where the tokenizer takes it for a beginning.
 */
function encodeParts(pieces: readonly TextPart[], tokenizer: Tokenizer, position: Position): EncodedPart[] {
  const { startsAfter } = tokenizer;
  const first = pieces.findIndex((piece) => piece.text !== undefined);
  let last: number | undefined;
  return pieces.map(({ text, ...rest }, i) => {
    const own = i === first ? position : 'continuation';
    const at = startsAfter && last !== undefined ? (startsAfter(last) ? 'start' : 'continuation') : own;
    const ids = text === undefined ? ownToken(rest.class, tokenizer) : tokenizer.encode(text, at);
    last = ids.at(-1) ?? last;
    return { ...rest, ids };
  });
}

/** The tokenizer's BOS, where its settings ask for one, or its end-of-sequence token. */
function ownToken(tokenClass: TokenClass, { bosId, eosId }: Tokenizer): number[] {
  if (tokenClass !== 'bos') return [eosId];
  return bosId === undefined ? [] : [bosId];
}

/** Cuts as much as needed, and as the pieces allow, to bring them down to `room` tokens. */
function shorten(pieces: readonly EncodedPart[], room: number): { pieces: EncodedPart[]; cutTokens: number } {
  let excess = Math.max(0, tokenCount(pieces) - room);
  let cutTokens = 0;
  const shortened = pieces.map((piece) => {
    if (!piece.shorten || excess === 0) return piece;
    const cut = Math.min(excess, piece.ids.length);
    excess -= cut;
    cutTokens += cut;
    return {
      ...piece,
      ids: piece.shorten === 'start' ? piece.ids.slice(cut) : piece.ids.slice(0, piece.ids.length - cut),
    };
  });
  return { pieces: shortened, cutTokens };
}

function tokenCount(pieces: readonly EncodedPart[]): number {
  return pieces.reduce((sum, piece) => sum + piece.ids.length, 0);
}

function baseWeight(tokenClass: TokenClass, weights: LossWeights): number {
  if (tokenClass === 'assistant') return 1;
  if (tokenClass === 'bos') return 0;
  if (tokenClass === 'template') return weights.templateLossWeight;
  return weights[`${tokenClass}LossWeight`] ?? weights.promptLossWeight;
}

function tooLong(part: 'completion' | 'prompt', length: number, room: number, where: string): UserError {
  return new UserError({
    code: 'example-too-long',
    problem: `The ${part} of a row has ${length} tokens, and there is room for ${room}.`,
    where,
    fix: `Shorten the ${part} of that row, or raise the maximum length as far as the model's context allows.`,
  });
}
