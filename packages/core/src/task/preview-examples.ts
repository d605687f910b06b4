import { targetWeight } from '../batches/loss-weights.ts';
import { takeExamples } from '../batches/take-examples.ts';
import {
  type Examples,
  roleName,
  type TokenizedExample,
  TokenRole,
  type TokenRoleName,
} from '../tokenization/example.ts';
import type { TextProcessing } from '../tokenizer/text-processing.ts';

/** One example as it will be trained on: `weights[i]` is the weight of `ids[i]` as a target. */
export interface PreviewedExample {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
  readonly roles: readonly TokenRoleName[];
  /**
   * The rendered text: what the ids decode to; with the special tokens of a chat template, without an end-of-sequence token that
   * no template wrote.
   */
  readonly text: string;
  /** The text that each token adds; joined, they are `text`. */
  readonly pieces: readonly string[];
}

/** The first examples, as many as there are of `count`. */
export function previewExamples(
  examples: Examples,
  task: Pick<TextProcessing, 'chat' | 'tokenizer'>,
  count: number,
): PreviewedExample[] {
  return takeExamples(examples, count).map((example) => {
    const ids = [...example.ids];
    const segmentWeights = Array.from(example.segmentWeights, inFewDigits);
    const weights = ids.map((_, i) => targetWeight({ ...example, segmentWeights }, i));
    const ownEnd = placeOfOwnEnd(example, task);
    const decode = (some: readonly number[]) =>
      task.tokenizer.decode(ownEnd < 0 ? some : some.toSpliced(ownEnd, 1), 'start', task.chat && 'keep');
    const text = decode(ids);
    return { ids, weights, roles: Array.from(example.roles, roleName), text, pieces: piecesOf(text, ids, decode) };
  });
}

/** Where the token is that ends an answer which the chat template ends with words; -1 where the template wrote it. */
function placeOfOwnEnd(
  { ids, roles, promptLength }: TokenizedExample,
  { chat, tokenizer }: Pick<TextProcessing, 'chat' | 'tokenizer'>,
): number {
  if (!chat || chat.endOfTurn !== undefined) return -1;
  const place = ids.findLastIndex((id, i) => id === tokenizer.eosId && roles[i] === TokenRole.assistant);
  return place < promptLength ? -1 : place;
}

/** The number that was written: the one of fewest digits that has this value in 32 bits, 0.1 for 0.10000000149. */
function inFewDigits(value: number): number {
  const digits = [6, 7, 8, 9].find((count) => Math.fround(Number(value.toPrecision(count))) === value);
  return digits === undefined ? value : Number(value.toPrecision(digits));
}

type Decode = (ids: readonly number[]) => string;

/** What each token adds to the text; a token in the midst of a character adds nothing, its last one all of it. */
function piecesOf(text: string, ids: readonly number[], decode: Decode): string[] {
  const pieces = piecesByNeighbours(ids, decode);
  return pieces.join('') === text ? pieces : piecesFromBeginning(text, ids, decode);
}

/**
 * A token is decoded behind the last ones that added something, as servers stream text: in time that goes with the length. That
 * suffices for tokenizers whose tokens look no farther back.
 */
function piecesByNeighbours(ids: readonly number[], decode: Decode): string[] {
  let [from, read] = [0, 0];
  return ids.map((_, i) => {
    const before = decode(ids.slice(from, read));
    const now = decode(ids.slice(from, i + 1));
    if (now.length <= before.length || !now.startsWith(before) || now.endsWith('\ufffd')) return '';
    from = read;
    read = i + 1;
    return now.slice(before.length);
  });
}

/** All that stands before a token is decoded for it: in time that goes with the square of the length. */
function piecesFromBeginning(text: string, ids: readonly number[], decode: Decode): string[] {
  let shown = 0;
  return ids.map((_, i) => {
    const soFar = decode(ids.slice(0, i + 1));
    const from = shown;
    shown = Math.max(from, sharedPrefixLength(text, soFar));
    return text.slice(from, shown);
  });
}

function sharedPrefixLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
