import { spendText } from './budget.ts';
import { compareTexts, lengthOfText } from './code-points.ts';
import { isLess } from './compare.ts';
import { repr } from './repr.ts';
import { sorted } from './sort.ts';
import { type Dict, isSequence, type List, type Tuple, type Value } from './values.ts';

const WIDTH = 80;

/** Python's `pprint.pformat`: keys in order, and a line for every element of what is longer than one. */
export function prettyPrint(value: Value): string {
  const text = format(value, 0, 0);
  spendText(text.length);
  return text;
}

function format(value: Value, indent: number, allowance: number): string {
  const short = prettyRepr(value);
  if (lengthOfText(short) <= WIDTH - indent - allowance) return short;
  if (typeof value === 'string') return formatText(value, indent, allowance) ?? short;
  if (typeof value !== 'object' || value === null) return short;
  if (value.kind === 'dict') return formatDict(value, indent, allowance);
  return isSequence(value) ? formatSequence(value, indent, allowance) : short;
}

function formatSequence(value: List | Tuple, indent: number, allowance: number): string {
  const [open, close] = value.kind === 'list' ? '[]' : '()';
  const end = value.kind === 'tuple' && value.items.length === 1 ? `,${close}` : (close as string);
  const last = value.items.length - 1;
  const items = value.items.map((item, i) => format(item, indent + 1, i === last ? allowance + end.length : 1));
  return `${open}${items.join(`,\n${' '.repeat(indent + 1)}`)}${end}`;
}

function formatDict(value: Dict, indent: number, allowance: number): string {
  const entries = orderedEntries(value);
  const items = entries.map(([key, item], i) => {
    const name = prettyRepr(key);
    const more = i === entries.length - 1 ? allowance + 1 : 1;
    return `${name}: ${format(item, indent + 1 + lengthOfText(name) + 2, more)}`;
  });
  return `{${items.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}

/** Keys of several types are ordered by the names of their types. */
function orderedEntries(value: Dict): (readonly [Value, Value])[] {
  const entries = [...value.entries.values()];
  try {
    return sorted(entries, ([key]) => key);
  } catch {
    return entries.sort(([a], [b]) => {
      if (typeof a === typeof b) return isLess(a, b) ? -1 : 1;
      return compareTexts(typeof a, typeof b);
    });
  }
}

function prettyRepr(value: Value): string {
  if (typeof value !== 'object' || value === null) return repr(value);
  if (value.kind === 'dict') {
    return `{${orderedEntries(value)
      .map(([key, item]) => `${prettyRepr(key)}: ${prettyRepr(item)}`)
      .join(', ')}}`;
  }
  if (!isSequence(value)) return repr(value);
  const items = value.items.map(prettyRepr).join(', ');
  if (value.kind === 'list') return `[${items}]`;
  return value.items.length === 1 ? `(${items},)` : `(${items})`;
}

/** A long text as several that stand after each other, cut at white space. */
function formatText(text: string, indent: number, allowance: number): string | undefined {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const inner = indent + (indent === 0 ? 1 : 0);
  const room = WIDTH - inner - (indent === 0 ? 1 : 0);
  const chunks: string[] = [];
  for (const [i, line] of lines.entries()) {
    const isLast = i === lines.length - 1;
    const short = repr(line);
    const most = isLast ? room - allowance : room;
    if (short.length <= most) chunks.push(short);
    else chunks.push(...cutLine(line, room, isLast ? allowance : 0));
  }
  if (chunks.length <= 1) return chunks[0];
  const joined = chunks.join(`\n${' '.repeat(inner)}`);
  return indent === 0 ? `(${joined})` : joined;
}

function cutLine(line: string, room: number, allowance: number): string[] {
  const parts = line.match(/\S*\s*/g)?.filter((part) => part !== '') ?? [];
  const chunks: string[] = [];
  let current = '';
  for (const [i, part] of parts.entries()) {
    const candidate = current + part;
    const most = i === parts.length - 1 ? room - allowance : room;
    if (repr(candidate).length > most) {
      if (current !== '') chunks.push(repr(current));
      current = part;
    } else current = candidate;
  }
  if (current !== '') chunks.push(repr(current));
  return chunks;
}
