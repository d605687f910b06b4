import { spendText } from './budget.ts';
import { charactersOf } from './code-points.ts';
import { dict, getEntry, setEntry } from './dict.ts';
import { typeError, valueError } from './errors.ts';
import { isKind, textOf, typeName, type Value } from './values.ts';

/** Python's `casefold` where it is more than small letters: what has a large form that is longer is written out. */
export function casefold(text: string): string {
  let result = '';
  for (const character of text) {
    const small = character.toLowerCase();
    const back = [...character.toUpperCase()].length > 1 ? character.toUpperCase().toLowerCase() : small;
    result +=
      character === 'ς' ? 'σ' : character === 'ſ' ? 's' : character === 'ẞ' ? 'ss' : character === 'µ' ? 'μ' : back;
  }
  return result;
}

export function expandTabs(text: string, size: number): string {
  let column = 0;
  let result = '';
  for (const character of text) {
    if (character === '\t') {
      const width = size > 0 ? size - (column % size) : 0;
      spendText(width);
      result += ' '.repeat(width);
      column += width;
    } else {
      result += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  return result;
}

export function translate(text: string, table: Value): string {
  if (!isKind(table, 'dict')) throw typeError(`'${typeName(table)}' object is not subscriptable`);
  let result = '';
  for (const character of text) {
    const by = getEntry(table, character.codePointAt(0) as number);
    if (by === undefined) result += character;
    else if (typeof by === 'number') result += String.fromCodePoint(by);
    else if (by !== null) result += textOf(by);
  }
  spendText(result.length);
  return result;
}

export function makeTranslation(from: Value, to: Value | undefined, without: string): Value {
  const table = dict();
  if (to === undefined) {
    if (!isKind(from, 'dict')) throw typeError('if you give only one argument to maketrans it must be a dict');
    for (const [key, value] of from.entries.values()) {
      setEntry(table, typeof key === 'string' ? (key.codePointAt(0) as number) : key, value);
    }
    return table;
  }
  const [keys, values] = [charactersOf(textOf(from)), charactersOf(textOf(to))];
  if (keys.length !== values.length) throw valueError('the first two maketrans arguments must have equal length');
  for (const [i, key] of keys.entries())
    setEntry(table, key.codePointAt(0) as number, (values[i] as string).codePointAt(0) as number);
  for (const one of without) setEntry(table, one.codePointAt(0) as number, null);
  return table;
}
