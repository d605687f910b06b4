import { UserError } from '../errors.ts';
import type { PlainLayout, RenderedExample } from '../recipe/recipe.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';
import type { Position, Tokenizer } from '../tokenizer/tokenizer.ts';
import { writeChat } from './chat/write-chat.ts';
import { arraysOver, exampleBytes, type TokenizedExample, TokenRole, type TokenRoleName } from './example.ts';
import { type TextPart, type WrittenExample, writePlain } from './plain/write-plain.ts';

/** Tokens that an example may have, and what becomes of answers that want more. */
export interface Room {
  /** Tokens of prompt and completion together. */
  readonly maxLength: number;
  /** Tokens that are generated at most for a row: what its prompt leaves to the answer, see {@link promptBudget}. */
  readonly maxNewTokens: number;
  /** What becomes of a row whose answer is longer than what the prompt leaves: see `trainingOptionsSchema`. */
  readonly longAnswers: 'drop' | 'cut';
}

export interface TokenizeOptions {
  /** How roles become text without a chat template; an example that brings its own layout has that one. */
  readonly layout: PlainLayout;
  /** How roles become text for a model that has a chat template. */
  readonly chat?: ChatTemplate | undefined;
  readonly tokenizer: Tokenizer;
  /** For messages: the place the row comes from. */
  readonly where: string;
}

/** Why an example is not trained on: its prompt or its answer does not fit the length, or no target has a weight. */
export type DropReason = 'too-long' | 'answer-too-long' | 'no-weight';

/**
 * The tokens that a prompt is cut down to, where it has text that may be cut: what `maxLength` leaves when as many tokens
 * are generated as the recipe allows, but never less than half of it. It does not depend on the answer, so that
 * training, evaluation and generation cut a prompt alike.
 */
export const promptBudget = ({ maxLength, maxNewTokens }: Omit<Room, 'longAnswers'>): number =>
  maxLength - Math.min(maxNewTokens, Math.floor(maxLength / 2));

/**
 * An example in ids. A prompt longer than its budget loses tokens of the segments that may be shortened, on the side they
 * name, the first of them first; never of the template. The answer has whatever the prompt leaves.
 * @returns a reason instead, when prompt and answer do not fit `maxLength`: the prompt's where it alone is over its
 * budget, else the answer's, which is then dropped or cut, and a cut one does not end with an end-of-sequence token
 */
export function tokenizeExample(
  rendered: RenderedExample,
  options: TokenizeOptions & Room,
): TokenizedExample | Exclude<DropReason, 'no-weight'> {
  const { maxLength, longAnswers } = options;
  const tokenizer = tokenizerFor(rendered, options);
  const written = writeExample(rendered, options);
  const { parts: prompt, cutTokens } = shorten(encodeParts(written.prompt, tokenizer, 'start'), promptBudget(options));
  const promptIds = prompt.flatMap((part) => part.ids);
  const completion = encodeParts(written.completion, tokenizer, answerPosition(promptIds, tokenizer), promptIds);
  const promptLength = promptIds.length;
  const cutAnswerTokens = Math.max(0, promptLength + tokenCount(completion) - maxLength);
  if (cutAnswerTokens > 0) {
    if (promptLength > promptBudget(options)) return 'too-long';
    if (longAnswers === 'drop') return 'answer-too-long';
  }
  const parts = [...prompt, ...completion];
  const tokens = tokenCount(parts) - cutAnswerTokens;
  return { ...arraysOf(parts, tokens), promptLength, cutTokens, cutAnswerTokens };
}

/** The first so many tokens of the parts as arrays, which lie over one buffer. */
function arraysOf(parts: readonly EncodedPart[], tokens: number) {
  const arrays = arraysOver(new ArrayBuffer(exampleBytes(tokens)), tokens);
  let at = 0;
  for (const { ids, role, weight } of parts) {
    const own = ids.slice(0, tokens - at);
    arrays.ids.set(own, at);
    arrays.roles.fill(TokenRole[role], at, at + own.length);
    arrays.segmentWeights.fill(weight, at, at + own.length);
    at += own.length;
  }
  return arrays;
}

/**
 * The ids that generation starts from: the same as the first `promptLength` ids of the tokenized example.
 * @param options `newTokens` is how many are to be generated; those of the recipe, if not said
 * @throws {UserError} `example-too-long` when the prompt can't be cut to leave room for them
 */
export function tokenizePrompt(
  rendered: Omit<RenderedExample, 'completion'>,
  options: TokenizeOptions & Omit<Room, 'longAnswers'> & { readonly newTokens?: number | undefined },
): { readonly ids: number[]; readonly cutTokens: number } {
  const { maxLength, maxNewTokens, newTokens = maxNewTokens, where } = options;
  const tokenizer = tokenizerFor(rendered, options);
  const budget = promptBudget(options);
  const written = writeExample({ ...rendered, completion: [] }, options);
  const { parts, cutTokens } = shorten(encodeParts(written.prompt, tokenizer, 'start'), budget);
  const room = Math.max(budget, maxLength - newTokens);
  if (tokenCount(parts) > room) throw tooLong(tokenCount(parts), room, where);
  return { ids: parts.flatMap((part) => part.ids), cutTokens };
}

/** A text that is learnt as it is begins and ends as the tokenizer has it, whether the model has a chat template or not. */
const tokenizerFor = ({ verbatim }: Pick<RenderedExample, 'verbatim'>, { tokenizer }: TokenizeOptions): Tokenizer =>
  verbatim ? (tokenizer.ofTexts ?? tokenizer) : tokenizer;

/** Roles to text: in the words of the model's chat template where there is one, else in the layout. */
function writeExample(rendered: RenderedExample, { chat, layout, where }: TokenizeOptions): WrittenExample {
  const isChat = chat && !rendered.verbatim;
  return isChat
    ? writeChat(rendered, { template: chat, where })
    : writePlain(rendered, rendered.layout ?? layout, where);
}

/** A part in ids. */
interface EncodedPart {
  readonly ids: readonly number[];
  readonly role: TokenRoleName;
  readonly weight: number;
  readonly shorten: 'start' | 'end' | undefined;
}

/**
 * Each part by itself: the boundaries between them are hard. Only the first text can begin the whole, and what follows
 * a special token where the tokenizer takes it for a beginning. A text that brings its own BOS or its own end does not
 * get it a second time.
 * @param begun the ids before these parts
 */
function encodeParts(
  parts: readonly TextPart[],
  tokenizer: Tokenizer,
  position: Position,
  begun: readonly number[] = [],
): EncodedPart[] {
  const { startsAfter, bosId } = tokenizer;
  const first = parts.findIndex((part) => part.text !== undefined);
  const isEnd = endsOf(tokenizer);
  const written = [...begun];
  return parts.map(({ text, ...rest }, i) => {
    const last = written.at(-1);
    const own = i === first ? position : 'continuation';
    // Behind an end of our own stands, in a completion, what a chat template writes behind its own words: it goes on with them.
    const goesOn = begun.length > 0 && i > 0 && parts[i - 1]?.text === undefined;
    const begins = !goesOn && last !== undefined && startsAfter?.(last) === true;
    const at = startsAfter && last !== undefined ? (begins ? 'start' : 'continuation') : own;
    let ids: readonly number[] = [];
    if (text !== undefined) ids = tokenizer.encode(text, at);
    else if (rest.role === 'bos' || !isEnd(parts[i - 1]?.text, written)) ids = ownToken(rest.role, tokenizer);
    if (written.length === 1 && last === bosId) ids = ids.slice(countOf(bosId, ids));
    for (const id of ids) written.push(id);
    return { ...rest, ids };
  });
}

/** Whether a text has ended with a token at which generation stops, white space after it apart. */
function endsOf({ eosId, stopIds = [], addedTokens = [] }: Tokenizer) {
  const ends = new Set([eosId, ...stopIds]);
  const literals = addedTokens.filter(({ id }) => ends.has(id)).map(({ content }) => content);
  return (text: string | undefined, written: readonly number[]): boolean => {
    if (text === undefined) return false;
    return ends.has(written.at(-1) ?? -1) || literals.some((literal) => text.trimEnd().endsWith(literal));
  };
}

/** How many of these ids are one id, before the first other one. */
function countOf(id: number | undefined, ids: readonly number[]): number {
  const other = ids.findIndex((one) => one !== id);
  return other < 0 ? ids.length : other;
}

/** The tokenizer's BOS, where its settings ask for one, or its end-of-sequence token. */
function ownToken(role: TokenRoleName, { bosId, eosId }: Tokenizer): number[] {
  if (role !== 'bos') return [eosId];
  return bosId === undefined ? [] : [bosId];
}

/** Cuts as much as needed, and as the parts allow, to bring them down to `budget` tokens. */
function shorten(parts: readonly EncodedPart[], budget: number): { parts: EncodedPart[]; cutTokens: number } {
  let excess = Math.max(0, tokenCount(parts) - budget);
  let cutTokens = 0;
  const shortened = parts.map((part) => {
    if (!part.shorten || excess === 0) return part;
    const cut = Math.min(excess, part.ids.length);
    excess -= cut;
    cutTokens += cut;
    return {
      ...part,
      ids: part.shorten === 'start' ? part.ids.slice(cut) : part.ids.slice(0, part.ids.length - cut),
    };
  });
  return { parts: shortened, cutTokens };
}

function tokenCount(parts: readonly EncodedPart[]): number {
  return parts.reduce((sum, part) => sum + part.ids.length, 0);
}

function tooLong(length: number, room: number, where: string): UserError {
  return new UserError({
    code: 'example-too-long',
    problem: `The prompt of a row has ${length} tokens, and there is room for ${room}.`,
    where,
    fix: 'Shorten the prompt of that row, or raise the maximum length as far as the model’s context allows.',
  });
}
