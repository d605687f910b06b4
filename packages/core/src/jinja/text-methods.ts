import { positionalOnly, signature } from './arguments.ts';
import { spendList, spendText } from './budget.ts';
import {
  charactersBefore,
  charactersOf,
  isSpace,
  lengthOfText,
  sliceText,
  splitLines,
  strip,
  stripEnd,
  stripStart,
} from './code-points.ts';
import { typeError, valueError } from './errors.ts';
import { toArray } from './iterate.ts';
import { capitalize, QUESTIONS, swapCase, titleCase } from './letters.ts';
import { replace, split, splitFromEnd } from './text-split.ts';
import { casefold, expandTabs, makeTranslation, translate } from './text-tables.ts';
import { type Arguments, callable, indexOf, isKind, list, textOf, tuple, typeName, type Value } from './values.ts';

type Method = (text: string, args: Arguments) => Value;

/** A method of a text, bound to it; undefined where texts have none of that name. */
export function textMethod(text: string, name: string): Value | undefined {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  return method && callable(name, (args) => method(text, args), 'builtin_function_or_method');
}

/** A text that is made of another one without being told more. */
const plain =
  (name: string, change: (text: string) => Value): Method =>
  (text, args) => {
    positionalOnly(name, args, 0, 0);
    const result = change(text);
    if (typeof result === 'string') spendText(result.length);
    return result;
  };

/** `strip`, `lstrip` or `rstrip`, of white space or of given characters. */
const stripping =
  (name: string, atStart: boolean, atEnd: boolean): Method =>
  (text, args) => {
    const [given = null] = positionalOnly(name, args, 0, 1);
    spendText(text.length);
    return stripped(text, given, atStart, atEnd);
  };

export function stripped(text: string, given: Value, atStart = true, atEnd = true): string {
  if (given === null) {
    if (atStart && atEnd) return strip(text);
    return atStart ? stripStart(text) : stripEnd(text);
  }
  const chosen = new Set(textOf(given, 'strip arg must be None or str, and'));
  const characters = charactersOf(text);
  let [from, to] = [0, characters.length];
  while (atStart && from < to && chosen.has(characters[from] as string)) from++;
  while (atEnd && to > from && chosen.has(characters[to - 1] as string)) to--;
  return characters.slice(from, to).join('');
}

const bindSplit = { split: signature('split', 'sep? maxsplit?'), rsplit: signature('rsplit', 'sep? maxsplit?') };
const splitting =
  (name: 'split' | 'rsplit'): Method =>
  (text, args) => {
    const [separator = null, most = -1] = bindSplit[name](args);
    const at = separator === null ? undefined : textOf(separator, 'separator');
    const parts = (name === 'split' ? split : splitFromEnd)(text, at, indexOf(most));
    spendText(text.length);
    spendList(parts.length);
    return list(parts);
  };

/** A stretch of a text, as places from 0 that JavaScript counts; undefined where it lies beyond the end. */
function stretch(
  text: string,
  from: Value | undefined,
  to: Value | undefined,
): { from: number; part: string } | undefined {
  const length = lengthOfText(text);
  const place = (value: Value | undefined, otherwise: number) => {
    if (value === undefined || value === null) return otherwise;
    const at = indexOf(value);
    return at < 0 ? Math.max(0, at + length) : at;
  };
  const start = place(from, 0);
  const end = Math.min(place(to, length), length);
  return start > length || start > end ? undefined : { from: start, part: sliceText(text, start, end) };
}

/** `find` and its like: the place in characters, or −1. */
const finding =
  (name: string, fromEnd: boolean, mustBe: boolean): Method =>
  (text, args) => {
    const [wanted, from, to] = positionalOnly(name, args, 1, 3);
    const within = stretch(text, from, to);
    const sought = textOf(wanted as Value);
    spendText(text.length);
    const at = within ? (fromEnd ? within.part.lastIndexOf(sought) : within.part.indexOf(sought)) : -1;
    if (at < 0 && mustBe) throw valueError('substring not found');
    return at < 0 || !within ? -1 : within.from + charactersBefore(within.part, at);
  };

const beginning =
  (name: 'startswith' | 'endswith'): Method =>
  (text, args) => {
    const [wanted, from, to] = positionalOnly(name, args, 1, 3);
    const all = isKind(wanted as Value, 'tuple') ? toArray(wanted as Value) : [wanted as Value];
    const within = stretch(text, from, to);
    const has = (one: string) =>
      (name === 'startswith' ? within?.part.startsWith(one) : within?.part.endsWith(one)) === true;
    return all.map((one) => textOf(one, `${name} first arg must be str or a tuple of str, and`)).some(has);
  };

const padding =
  (name: string, share: (missing: number, width: number) => number): Method =>
  (text, args) => {
    const [width, fill = ' '] = positionalOnly(name, args, 1, 2);
    return padded(text, indexOf(width as Value), textOf(fill, 'the fill character'), share);
  };

/** @param share how much of what is missing stands before the text */
export function padded(
  text: string,
  width: number,
  fill: string,
  share: (missing: number, width: number) => number,
): string {
  if (lengthOfText(fill) !== 1) throw typeError('The fill character must be exactly one character long');
  const missing = width - lengthOfText(text);
  if (missing <= 0) return text;
  spendText(width);
  const before = share(missing, width);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

/** Where something is missing on both sides, Python puts the odd one before the text in odd widths. */
export const centered = (missing: number, width: number): number => Math.floor(missing / 2) + (missing & width & 1);

const parting =
  (fromEnd: boolean): Method =>
  (text, args) => {
    const [wanted] = positionalOnly(fromEnd ? 'rpartition' : 'partition', args, 1, 1);
    const separator = textOf(wanted as Value);
    if (separator === '') throw valueError('empty separator');
    const at = fromEnd ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) return tuple(fromEnd ? ['', '', text] : [text, '', '']);
    return tuple([text.slice(0, at), separator, text.slice(at + separator.length)]);
  };

const bindLines = signature('splitlines', 'keepends?');
const bindTabs = signature('expandtabs', 'tabsize?');

const METHODS: Readonly<Record<string, Method>> = {
  strip: stripping('strip', true, true),
  lstrip: stripping('lstrip', true, false),
  rstrip: stripping('rstrip', false, true),
  split: splitting('split'),
  rsplit: splitting('rsplit'),
  find: finding('find', false, false),
  rfind: finding('rfind', true, false),
  index: finding('index', false, true),
  rindex: finding('rindex', true, true),
  startswith: beginning('startswith'),
  endswith: beginning('endswith'),
  partition: parting(false),
  rpartition: parting(true),
  ljust: padding('ljust', () => 0),
  rjust: padding('rjust', (missing) => missing),
  center: padding('center', centered),
  lower: plain('lower', (text) => text.toLowerCase()),
  upper: plain('upper', (text) => text.toUpperCase()),
  casefold: plain('casefold', casefold),
  capitalize: plain('capitalize', capitalize),
  title: plain('title', titleCase),
  swapcase: plain('swapcase', swapCase),
  isspace: plain('isspace', isSpace),
  ...Object.fromEntries(Object.entries(QUESTIONS).map(([name, ask]) => [name, plain(name, ask)])),
  splitlines: (text, args) => list(splitLines(text, indexOf(bindLines(args)[0] ?? false) !== 0)),
  replace: (text, args) => {
    const [old, by, most = -1] = positionalOnly('replace', args, 2, 3);
    const result = replace(text, textOf(old as Value), textOf(by as Value), indexOf(most));
    spendText(text.length + result.length);
    return result;
  },
  count: (text, args) => {
    const [wanted, from, to] = positionalOnly('count', args, 1, 3);
    const part = stretch(text, from, to)?.part;
    const sought = textOf(wanted as Value);
    spendText(text.length);
    if (part === undefined) return 0;
    return sought === '' ? lengthOfText(part) + 1 : part.split(sought).length - 1;
  },
  join: (text, args) => {
    const [given] = positionalOnly('join', args, 1, 1);
    const parts = toArray(given as Value).map((item, i) => {
      if (typeof item === 'string') return item;
      throw typeError(`sequence item ${i}: expected str instance, ${typeName(item)} found`);
    });
    const result = parts.join(text);
    spendText(result.length);
    return result;
  },
  removeprefix: (text, args) => {
    const prefix = textOf(positionalOnly('removeprefix', args, 1, 1)[0] as Value);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  },
  removesuffix: (text, args) => {
    const suffix = textOf(positionalOnly('removesuffix', args, 1, 1)[0] as Value);
    return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  },
  zfill: (text, args) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? '';
    const width = indexOf(positionalOnly('zfill', args, 1, 1)[0] as Value);
    return sign + padded(text.slice(sign.length), width - sign.length, '0', (missing) => missing);
  },
  expandtabs: (text, args) => expandTabs(text, indexOf(bindTabs(args)[0] ?? 8)),
  translate: (text, args) => {
    const [table] = positionalOnly('translate', args, 1, 1);
    return translate(text, table as Value);
  },
  maketrans: (_, args) => {
    const [from, to, without = ''] = positionalOnly('maketrans', args, 1, 3);
    return makeTranslation(from as Value, to, textOf(without));
  },
  encode: () => {
    throw typeError('a template has no bytes: encode is not supported');
  },
};
