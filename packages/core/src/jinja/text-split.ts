import { SPACE, stripEnd, stripStart } from './code-points.ts';
import { valueError } from './errors.ts';

const SPACES = new RegExp(`[${SPACE}]+`);

/** Python's `split`: at a text, or at white space where it is undefined; at most so many times where that is not negative. */
export function split(text: string, separator: string | undefined, most: number): string[] {
  if (separator === '') throw valueError('empty separator');
  const parts: string[] = [];
  let rest = separator === undefined ? stripStart(text) : text;
  while (most < 0 || parts.length < most) {
    const at = separator === undefined ? rest.search(SPACES) : rest.indexOf(separator);
    if (at < 0) break;
    parts.push(rest.slice(0, at));
    rest = separator === undefined ? stripStart(rest.slice(at)) : rest.slice(at + separator.length);
  }
  if (separator !== undefined || rest !== '') parts.push(most < 0 && separator === undefined ? rest : rest);
  return parts;
}

/** Python's `rsplit`: from the end. */
export function splitFromEnd(text: string, separator: string | undefined, most: number): string[] {
  if (separator === '') throw valueError('empty separator');
  const parts: string[] = [];
  let rest = separator === undefined ? stripEnd(text) : text;
  while (most < 0 || parts.length < most) {
    const at = separator === undefined ? lastSpace(rest) : rest.lastIndexOf(separator);
    if (at < 0) break;
    parts.push(rest.slice(at + (separator?.length ?? 1)));
    rest = separator === undefined ? stripEnd(rest.slice(0, at)) : rest.slice(0, at);
  }
  if (separator !== undefined || rest !== '') parts.push(rest);
  return parts.reverse();
}

function lastSpace(text: string): number {
  for (let i = text.length - 1; i >= 0; i--) if (SPACES.test(text[i] as string)) return i;
  return -1;
}

/** Python's `replace`, at most so many times where that is not negative. */
export function replace(text: string, old: string, by: string, most: number): string {
  if (most < 0) return old === '' ? [...text].reduce((all, one) => all + one + by, by) : text.replaceAll(old, () => by);
  let rest = text;
  let result = '';
  for (let i = 0; i < most; i++) {
    const at = rest.indexOf(old);
    if (at < 0) break;
    // Nothing is found before every character, and at the end.
    const step = old === '' ? String.fromCodePoint(...[rest.codePointAt(0) ?? 0]).length : 0;
    result += rest.slice(0, at) + by + rest.slice(at, at + (rest === '' ? 0 : step));
    if (old === '' && rest === '') break;
    rest = rest.slice(at + old.length + step);
  }
  return result + rest;
}
