import { spendText } from './budget.ts';
import { lengthOfText, sliceText, splitLines } from './code-points.ts';
import { dict } from './dict.ts';
import { typeError, valueError } from './errors.ts';
import { filterOf } from './filters-of-lists.ts';
import { stripTags, urlize, urlQuote, xmlAttributes } from './html.ts';
import { lengthOf, toArray } from './iterate.ts';
import { capitalize } from './letters.ts';
import { escapeHtml } from './markup.ts';
import { operate } from './operators.ts';
import { prettyPrint } from './pretty-print.ts';
import { str } from './repr.ts';
import { centered, padded, stripped } from './text-methods.ts';
import { replace, splitFromEnd } from './text-split.ts';
import {
  type Arguments,
  indexOf,
  isKind,
  isTrue,
  isUndefined,
  markup,
  textOf,
  tuple,
  typeName,
  type Value,
} from './values.ts';
import { wrapWords } from './word-wrap.ts';

type Filter = (args: Arguments) => Value;

/** What such a filter makes of HTML is HTML too. */
const keeping =
  (filter: Filter): Filter =>
  (args) => {
    const result = filter(args);
    const [value = null] = args.positional;
    return isKind(value, 'markup') && typeof result === 'string' ? markup(result) : result;
  };

/** A filter that takes any value for its text, and nothing else. */
const ofText = (name: string, change: (text: string) => Value): Filter =>
  filterOf(name, 's', (value) => {
    const text = str(value);
    spendText(text.length);
    return change(text);
  });

const escapeFilter: Filter = ({ positional: [value = null] }) => {
  const escaped = escapeHtml(value);
  spendText(escaped.text.length);
  return escaped;
};

export const textFilters: Readonly<Record<string, Filter>> = {
  upper: keeping(ofText('upper', (text) => text.toUpperCase())),
  lower: keeping(ofText('lower', (text) => text.toLowerCase())),
  capitalize: keeping(ofText('capitalize', capitalize)),
  title: ofText('title', titled),
  string: keeping(ofText('string', (text) => text)),
  safe: ofText('safe', markup),
  wordcount: ofText('wordcount', (text) => (text.match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  escape: escapeFilter,
  e: escapeFilter,
  forceescape: ofText('forceescape', escapeHtml),
  striptags: ofText('striptags', stripTags),
  pprint: filterOf('pprint', 'value', prettyPrint),
  xmlattr: filterOf('xmlattr', 'd autospace?', (value, autospace = true) => xmlAttributes(value, isTrue(autospace))),
  urlencode: filterOf('urlencode', 'value', urlEncode),
  urlize: filterOf(
    'urlize',
    'value trim_url_limit? nofollow? target? rel? extra_schemes?',
    (value, limit = null, nofollow = false, target = null, rel = null, schemes = null) =>
      urlize(str(value), {
        limit: limit === null ? undefined : indexOf(limit),
        rel: [...(rel === null ? [] : textOf(rel).split(/\s+/)), ...(isTrue(nofollow) ? ['nofollow'] : [])],
        target: target === null ? undefined : textOf(target),
        schemes: schemes === null ? [] : toArray(schemes).map((scheme) => textOf(scheme)),
      }),
  ),
  trim: keeping(
    filterOf('trim', 'value chars?', (value, characters = null) => {
      const text = str(value);
      spendText(text.length);
      return stripped(text, characters);
    }),
  ),
  replace: filterOf('replace', 's old new count?', (value, old, by, count = null) => {
    const text = str(value);
    const result = replace(text, str(old), str(by), count === null ? -1 : indexOf(count));
    spendText(text.length + result.length);
    return result;
  }),
  center: keeping(
    filterOf('center', 'value width?', (value, width = 80) => padded(str(value), indexOf(width), ' ', centered)),
  ),
  indent: keeping(filterOf('indent', 's width? first? blank?', indent)),
  truncate: keeping(filterOf('truncate', 's length? killwords? end? leeway?', truncate)),
  wordwrap: filterOf('wordwrap', 's width? break_long_words? wrapstring? break_on_hyphens?', wordwrap),
  format: ({ positional: [value = null, ...positional], named }) => {
    const format = isKind(value, 'markup') ? value : str(value);
    if (!named || named.size === 0) return operate('%', format, tuple(positional));
    if (positional.length > 0) throw valueError("can't handle positional and keyword arguments at the same time");
    return operate('%', format, dict(named));
  },
};

/** Words begin after these, and nowhere else. */
function titled(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((part) => {
      const first = part === '' ? '' : String.fromCodePoint(part.codePointAt(0) as number);
      return first.toUpperCase() + part.slice(first.length).toLowerCase();
    })
    .join('');
}

function indent(value: Value, width: Value = 4, first: Value = false, blank: Value = false): Value {
  const text = textOf(value, 'what is indented');
  const indention = typeof width === 'string' ? width : indented(indexOf(width));
  const lines = splitLines(`${text}\n`);
  spendText(text.length + lines.length * indention.length);
  const [head = '', ...rest] = lines;
  const others = rest.map((line) => (line === '' && !isTrue(blank) ? line : indention + line));
  return (isTrue(first) ? indention : '') + [head, ...others].join('\n');
}

function indented(width: number): string {
  spendText(width);
  return ' '.repeat(Math.max(0, width));
}

function truncate(
  value: Value,
  length: Value = 255,
  killWords: Value = false,
  end: Value = '...',
  leeway: Value = null,
): Value {
  const ending = textOf(end);
  const slack = leeway === null ? 5 : indexOf(leeway);
  const most = indexOf(length);
  if (most < lengthOfText(ending)) throw valueError(`expected length >= ${lengthOfText(ending)}, got ${most}`);
  if (slack < 0) throw valueError(`expected leeway >= 0, got ${slack}`);
  if (isUndefined(value)) return value;
  // Whatever has a length, as in Jinja: only what is longer must be a text.
  if ((lengthOf(value) ?? Number.POSITIVE_INFINITY) <= most + slack) return value;
  const text = textOf(value, 'what is truncated');
  const kept = sliceText(text, 0, most - lengthOfText(ending));
  return (isTrue(killWords) ? kept : (splitFromEnd(kept, ' ', 1)[0] as string)) + ending;
}

function wordwrap(
  value: Value,
  width: Value = 79,
  breakLong: Value = true,
  wrapString: Value = null,
  atHyphens: Value = true,
): Value {
  const between = wrapString === null ? '\n' : textOf(wrapString);
  const text = textOf(value, 'what is wrapped');
  spendText(text.length * 4);
  const options = { width: indexOf(width), breakLong: isTrue(breakLong), atHyphens: isTrue(atHyphens) };
  return splitLines(text)
    .map((line) => wrapWords(line, options).join(between))
    .join(between);
}

function urlEncode(value: Value): Value {
  if (typeof value === 'string') return urlQuote(value);
  if (value === null || typeof value !== 'object' || value.kind === 'float') return urlQuote(str(value));
  const pairs = isKind(value, 'dict') ? [...value.entries.values()] : toArray(value).map((pair) => toArray(pair));
  return pairs
    .map((pair) => {
      if (pair.length !== 2) throw typeError(`a pair has two elements, not ${pair.length} (${typeName(value)})`);
      return pair.map((part) => urlQuote(str(part), true)).join('=');
    })
    .join('&');
}
