import { UserError } from '../errors.ts';
import type { AnswerSet } from '../recipe/recipe.ts';
import type { Position, Tokenizer } from '../tokenizer/tokenizer.ts';
import { type BuiltTrie, buildTrie, type TokenTrie, tokensToEnd } from './token-trie.ts';

/** What an output may be, seen from the end of what is written of it. Nothing in it changes: `after` gives the next. */
export interface Constraint {
  /**
   * Ids that may come next when `room` tokens may still be written (end-of-sequence does not count): those from which
   * an allowed output can be finished. End-of-sequence is one of them where the output is whole; none: it can't be.
   */
  allowed(room: number): readonly number[];
  /** Once an id of `allowed` has been written. */
  after(id: number): Constraint;
  /** Whether there would be more to choose from with more room; where that is not known, there never would. */
  isHurried?(room: number): boolean;
}

/** The outputs of an answer set, for a prompt after which the answer stands at `position`. */
export type AnswerConstraint = (position: Position) => Constraint;

/**
 * Allows the texts of an answer set: one, or several different ones with the separator between them. Every text and
 * every separator is tokenized by itself, as segments of a completion are, and so are the words that end an answer.
 * @throws {UserError} `recipe-invalid` for a set without texts, and for an empty text or separator
 */
export function answerConstraint({ texts, separator }: AnswerSet, tokenizer: Tokenizer): AnswerConstraint {
  const distinct = [...new Set(texts)];
  if (distinct.length === 0 || distinct.includes('') || separator === '') throw emptyAnswers();
  const tries = new Map<Position, BuiltTrie>();
  const trieAt = (position: Position): BuiltTrie => {
    const trie = tries.get(position) ?? buildTrie(distinct.map((text) => tokenizer.encode(text, position)));
    tries.set(position, trie);
    return trie;
  };
  const grammar: Grammar = {
    begin(position, used) {
      const { root, places } = trieAt(position);
      return { node: root, used, usedPlaces: new Set(used.flatMap((text) => places[text] ?? [])) };
    },
    separator: separator === undefined ? undefined : tokenizer.encode(separator, 'continuation'),
    endWords: tokenizer.endWords ? tokenizer.encode(tokenizer.endWords, 'continuation') : [],
    eosId: tokenizer.eosId,
  };
  return (position) => constraintOf(grammar, [grammar.begin(position, [])]);
}

interface Grammar {
  /** The beginning of a text that stands at `position`, after the texts that are used. */
  begin(position: Position, used: readonly number[]): Reading;
  readonly separator: readonly number[] | undefined;
  /** Ids of the words behind the whole output, before end-of-sequence; mostly none. */
  readonly endWords: readonly number[];
  readonly eosId: number;
}

/**
 * One way to read what is written so far. There may be several: a text may go on where another one ends, with the very
 * tokens of the separator.
 */
interface Reading {
  /** How far the current text is written. */
  readonly node: TokenTrie;
  /** Texts before the current one, by number, and by place in the trie of the current one. */
  readonly used: readonly number[];
  readonly usedPlaces: ReadonlySet<number>;
  /** How many tokens of a separator are written after the text, and what begins when all are. */
  readonly separating?: { readonly written: number; readonly next: Reading };
  /** How many of the words behind the output are written. */
  readonly ending?: number;
}

function constraintOf(grammar: Grammar, readings: readonly Reading[]): Constraint {
  return {
    allowed(room) {
      const ids = new Set<number>();
      for (const reading of readings) {
        if (isWhole(reading) && (reading.ending ?? 0) === grammar.endWords.length) ids.add(grammar.eosId);
        for (const [id, next] of continuations(reading, grammar)) if (tokensLeft(next, grammar) < room) ids.add(id);
      }
      return [...ids];
    },
    after(id) {
      const next = readings.flatMap((reading) => [...continuations(reading, grammar)]);
      return constraintOf(
        grammar,
        next.flatMap(([own, reading]) => (own === id ? [reading] : [])),
      );
    },
  };
}

/** Every token that may follow, with the reading after it. */
function* continuations(
  reading: Reading,
  { begin, separator, endWords }: Grammar,
): Generator<[id: number, next: Reading]> {
  const { node, used, ending = 0 } = reading;
  const word = isWhole(reading) ? endWords[ending] : undefined;
  if (word !== undefined) yield [word, { ...reading, ending: ending + 1 }];
  if (ending > 0) return;
  if (!reading.separating) for (const [id, child] of node.children) yield [id, { ...reading, node: child }];
  if (!separator || !(reading.separating || isWhole(reading))) return;
  const { written, next } = reading.separating ?? {
    written: 0,
    next: begin('continuation', [...used, node.text as number]),
  };
  const isLast = written + 1 === separator.length;
  yield [separator[written] as number, isLast ? next : { ...reading, separating: { written: written + 1, next } }];
}

/** Whether the current text is written to its end, and is no repetition. */
const isWhole = ({ node, used, separating }: Reading): boolean =>
  !separating && node.text !== undefined && !used.includes(node.text);

/** Tokens to the nearest whole output; infinite where there is none. */
function tokensLeft(
  { node, usedPlaces, separating, ending = 0 }: Reading,
  { separator = [], endWords }: Grammar,
): number {
  if (ending > 0) return endWords.length - ending;
  if (!separating) return tokensToEnd(node, usedPlaces) + endWords.length;
  const { written, next } = separating;
  return separator.length - written + tokensToEnd(next.node, next.usedPlaces) + endWords.length;
}

function emptyAnswers(): UserError {
  return new UserError({
    code: 'recipe-invalid',
    problem: 'A recipe restricts its answers to a set that is empty, or that holds an empty text or separator.',
    where: 'answers',
    fix: 'Give the recipe one text or more to choose from, none of them empty.',
  });
}
