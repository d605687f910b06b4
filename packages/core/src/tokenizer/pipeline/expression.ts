import { toRegExp } from 'oniguruma-to-es';
import type { Matcher } from './split.ts';
import { asKnownToExpressions } from './unicode.ts';

/** What a step of a `tokenizer.json` looks for: a text as it stands, or an expression in Oniguruma's language. */
export interface Pattern {
  readonly String?: string | undefined;
  readonly Regex?: string | undefined;
}

/** @throws {Error} for an expression that can't be read */
export function patternExpression({ String: text, Regex: source }: Pattern): RegExp {
  if (text !== undefined) return new RegExp(text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), 'gu');
  assertShallow(source ?? '');
  return toRegExp(withWordsAsOniguruma(spelledOut(source ?? '')), { global: true, target: 'ES2024' });
}

/** What one expression may hold of another within itself: the time to compile one grows with the square of it. */
const DEEPEST_GROUPS = 50;
/** Characters in a row, two for each of eight quantifiers. */
const MANY_QUANTIFIERS = /(?:[+*?]|\{\d*,?\d*\}){16}/;

/** @throws {Error} for groups in groups, or quantifiers of quantifiers (`a++` is one, `a++++` two), beyond any use */
function assertShallow(source: string): void {
  // Without what has another meaning there.
  const bare = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x');
  if (MANY_QUANTIFIERS.test(bare)) throw new Error('Eight quantifiers or more follow one another.');
  let depth = 0;
  for (const [bracket] of bare.matchAll(/[()]/g)) {
    depth += bracket === '(' ? 1 : -1;
    if (depth > DEEPEST_GROUPS) throw new Error(`Its groups are more than ${DEEPEST_GROUPS} deep.`);
  }
}

/** `\\w` as Oniguruma matches it in Unicode text, which takes some numbers of Latin-1 for letters. */
function withWordsAsOniguruma(source: string): string {
  const members = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}²³¹¼½¾';
  return source.replace(/\\./gs, (escaped) => {
    if (escaped === '\\w') return `[${members}]`;
    return escaped === '\\W' ? `[^${members}]` : escaped;
  });
}

/**
 * `(?i:'s|'t)` as `(?:'[sSſ]|'[tT])`. JavaScript before its edition of 2025 can't leave case aside in a part of an
 * expression, and leaving it aside in the whole would make a letter of U+0345, which it is not.
 */
function spelledOut(source: string): string {
  return source.replace(/\(\?i:([a-zA-Z'’|]+)\)/g, (_, body: string) => {
    const letters = body.replace(/[a-z]/gi, (letter) => {
      const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
      return `[${lower}${upper}${{ s: 'ſ', k: 'K' }[lower] ?? ''}]`;
    });
    return `(?:${letters})`;
  });
}

/** A place in a text, from and to in UTF-16 units. */
interface Match {
  readonly from: number;
  readonly to: number;
}

/**
 * A single match of some five million characters is more than JavaScript's expressions have memory for. A text with one
 * is looked through in windows of this many units, and such a match ends where its window does: the only place where
 * ids may differ from the reference's, by the merges across that cut.
 */
const WINDOW = 2 ** 21;

/** Matches that end so near to the end of a window may go on in the next, or depend on what stands there. */
const MARGIN = 2 ** 10;

/** Looks a text through with a global expression. */
export function matcherOf(expression: RegExp): Matcher {
  return (text) => {
    const seen = asKnownToExpressions(text);
    return unlessTooLong(() => matchesIn(seen, expression)) ?? matchesInWindows(seen, expression);
  };
}

function matchesIn(text: string, expression: RegExp): Match[] {
  const matches: Match[] = [];
  expression.lastIndex = 0;
  let lastEnd = -1;
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    const [from, to] = [match.index, match.index + match[0].length];
    if (from === to) expression.lastIndex += (text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
    // Oniguruma takes no empty match right after another.
    if (from === to && to === lastEnd) continue;
    matches.push({ from, to });
    lastEnd = to;
  }
  return matches;
}

function matchesInWindows(text: string, expression: RegExp): Match[] {
  const matches: Match[] = [];
  for (let at = 0; at < text.length; ) {
    const whole = endOfWindow(text, at);
    const found = matchesIn(text.slice(at, whole), expression);
    const sure = whole === text.length ? found : found.filter(({ to }) => at + to <= whole - MARGIN);
    const taken = sure.length > 0 ? sure : found.slice(0, 1);
    for (const { from, to } of taken) matches.push({ from: at + from, to: at + to });
    at = whole === text.length ? whole : Math.max(at + (taken.at(-1)?.to ?? 0), taken.length > 0 ? at + 1 : whole);
  }
  return matches;
}

/** Not between the two halves of a character. */
function endOfWindow(text: string, from: number): number {
  const to = Math.min(text.length, from + WINDOW);
  return to < text.length && (text.codePointAt(to - 1) ?? 0) > 0xffff ? to - 1 : to;
}

/** Undefined where the expression runs out of memory. */
function unlessTooLong<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** The matches of a global expression by themselves, where nothing lies between them; else undefined. */
export function coveringMatches(text: string, expression: RegExp): readonly string[] | undefined {
  if (asKnownToExpressions(text) !== text) return undefined;
  const matches: readonly string[] = unlessTooLong(() => text.match(expression)) ?? [];
  let length = 0;
  for (const match of matches) {
    if (match === '') return undefined;
    length += match.length;
  }
  return length === text.length ? matches : undefined;
}
