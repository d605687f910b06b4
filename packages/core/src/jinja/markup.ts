import { str } from './repr.ts';
import { isKind, type Markup, markup, type Value } from './values.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

export const escapeText = (text: string): string =>
  text.replace(/[&<>'"]/g, (character) => ENTITIES[character] as string);

/** A value as HTML: what is HTML already stays as it is. */
export const escapeHtml = (value: Value): Markup => (isKind(value, 'markup') ? value : markup(escapeText(str(value))));

/** Methods of texts whose result is HTML where the text is. */
const KEEPING = new Set(
  'capitalize title lower upper replace ljust rjust lstrip rstrip center strip translate expandtabs swapcase zfill casefold removeprefix removesuffix join split rsplit splitlines partition rpartition format'.split(
    ' ',
  ),
);

/** The texts of a method's result as HTML, where the method keeps it. */
export function keptMarkup(method: string, result: Value): Value {
  if (!KEEPING.has(method)) return result;
  if (typeof result === 'string') return markup(result);
  if (isKind(result, 'list') || isKind(result, 'tuple')) {
    return { kind: result.kind, items: result.items.map((item) => keptMarkup(method, item)) };
  }
  return result;
}

/** What is put into HTML by these methods is escaped. */
export function escapedArguments(method: string, positional: readonly Value[]): readonly Value[] {
  if (method === 'replace')
    return positional.map((value, i) => (i === 1 && typeof value === 'string' ? escapeText(value) : value));
  return method === 'join' || method === 'format' ? positional.map(escapedElements) : positional;
}

function escapedElements(value: Value): Value {
  if (typeof value === 'string') return escapeText(value);
  if (isKind(value, 'markup')) return value.text;
  return isKind(value, 'list') || isKind(value, 'tuple')
    ? { kind: value.kind, items: value.items.map(escapedElements) }
    : value;
}
