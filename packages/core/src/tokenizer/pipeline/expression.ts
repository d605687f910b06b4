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
  return toRegExp(withWordsAsOniguruma(spelledOut(source ?? '')), { global: true, target: 'ES2024' });
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

/** Looks a text through with a global expression. */
export function matcherOf(expression: RegExp): Matcher {
  return (text) => {
    const seen = asKnownToExpressions(text);
    const matches: { from: number; to: number }[] = [];
    expression.lastIndex = 0;
    let lastEnd = -1;
    for (let match = expression.exec(seen); match; match = expression.exec(seen)) {
      const [from, to] = [match.index, match.index + match[0].length];
      if (from === to) expression.lastIndex += (seen.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
      // Oniguruma takes no empty match right after another.
      if (from === to && to === lastEnd) continue;
      matches.push({ from, to });
      lastEnd = to;
    }
    return matches;
  };
}

/** The matches of a global expression by themselves, where nothing lies between them; else undefined. */
export function coveringMatches(text: string, expression: RegExp): readonly string[] | undefined {
  if (asKnownToExpressions(text) !== text) return undefined;
  const matches: readonly string[] = text.match(expression) ?? [];
  let length = 0;
  for (const match of matches) {
    if (match === '') return undefined;
    length += match.length;
  }
  return length === text.length ? matches : undefined;
}
