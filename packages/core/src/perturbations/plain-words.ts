/** A word of a text that may be written otherwise. */
export interface PlainWord {
  /** Index of its first character. */
  readonly at: number;
  readonly word: string;
}

/** Stretches that say something literally: code, and what stands in double quotation marks. */
const LITERAL = /```[\s\S]*?(?:```|$)|`[^`\n]*`|"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»/gu;

/** A line of code, or one that may be: rather a line too many, since what is left alone is only not tested. */
const CODE_LINE =
  /^(?: {4}|\t|>>>|\.\.\. |\$ |#include|@\w)|^\s*(?:def|class|import|from|return|assert|function|const|let|var|if|for|while|else|try|print|public|private|static)\b.*[({:;=]|=>|[=!]==?|:=|\s[-+*/%]?=\s|\w\(|[{};]\s*$/u;

/** Letters with what belongs to them, and apostrophes inside; a capital at the beginning only, or capitals throughout. */
const WORD = /^(?:\p{Lu}?[\p{Ll}\p{Lo}\p{M}]*|[\p{Lu}\p{M}]+)(?:['’]\p{L}+)*$/u;

/**
 * The words of somebody's message: no code, identifier, number, address, path or placeholder (`snake_case`, `camelCase`,
 * `A320`, `e-mail`, `me@site.org`, `[card number]`), nothing in double quotation marks or backticks, no speaker's name before
 * a colon, and none of those to keep.
 */
export function plainWords(text: string, keep: readonly string[] = []): PlainWord[] {
  const kept = new Set(keep.map((word) => word.toLowerCase()));
  const literal = literalStretches(text);
  const words: PlainWord[] = [];
  for (const { 0: token, index } of text.matchAll(/\S+/gu)) {
    if (literal.some(([from, to]) => index < to && index + token.length > from)) continue;
    const before = /^[(¿¡]*/u.exec(token)?.[0].length ?? 0;
    let end = token.length;
    while (end > before && '.,;!?…)'.includes(token[end - 1] as string)) end--;
    const word = token.slice(before, end);
    // A letter by itself is the name of something, x or B; but for the two that are English words.
    if ((word.length < 2 && word !== 'I' && word !== 'a') || !WORD.test(word) || kept.has(word.toLowerCase())) continue;
    words.push({ at: index + before, word });
  }
  return words;
}

/** From and to of what is not to be touched. */
export function literalStretches(text: string): (readonly [number, number])[] {
  const quoted = [...text.matchAll(LITERAL)].map(({ 0: found, index }) => [index, index + found.length] as const);
  const bracketed = [...text.matchAll(/\[[^\]\n]*\]|<[^>\n]*>|\{[^}\n]*\}/gu)].map(
    ({ 0: found, index }) => [index, index + found.length] as const,
  );
  const lines: (readonly [number, number])[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (CODE_LINE.test(line)) lines.push([at, at + line.length]);
    at += line.length + 1;
  }
  return [...quoted, ...bracketed, ...lines];
}

/** The text with some of its words written otherwise. */
export function rewriteWords(text: string, words: readonly PlainWord[], write: (word: string) => string): string {
  let rewritten = '';
  let end = 0;
  for (const { at, word } of words) {
    rewritten += text.slice(end, at) + write(word);
    end = at + word.length;
  }
  return rewritten + text.slice(end);
}
