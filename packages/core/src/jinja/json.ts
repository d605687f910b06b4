import { signature } from './arguments.ts';
import { spendText, TemplateBudgetError } from './budget.ts';
import { typeError } from './errors.ts';
import { toArray } from './iterate.ts';
import { reprFloat } from './repr.ts';
import { sorted } from './sort.ts';
import {
  type Arguments,
  bare,
  type Dict,
  indexOf,
  isKind,
  isSequence,
  isTrue,
  textOf,
  typeName,
  type Value,
} from './values.ts';

interface Style {
  readonly ascii: boolean;
  /** What a level is indented by; undefined for one line. */
  readonly indent: string | undefined;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly sortKeys: boolean;
}

const bind = signature('tojson', 'x ensure_ascii? indent? separators? sort_keys?');

/** The filter `tojson` as transformers has it: Python's `json.dumps`, characters as they are. @throws {JinjaError} */
export function toJson(args: Arguments): string {
  const [value, ascii = false, indent = null, separators = null, sortKeys = false] = bind(args);
  const indentation = indentOf(indent);
  let [itemSeparator, keySeparator] = [indentation === undefined ? ', ' : ',', ': '];
  if (separators !== null) {
    const [item, key, ...more] = toArray(separators);
    if (item === undefined || key === undefined || more.length > 0) {
      throw typeError('separators are two texts: between items, and after a key');
    }
    itemSeparator = textOf(item, 'a separator');
    keySeparator = textOf(key, 'a separator');
  }
  const style = { ascii: isTrue(ascii), indent: indentation, itemSeparator, keySeparator, sortKeys: isTrue(sortKeys) };
  const text = write(value as Value, style, '\n', 0);
  spendText(text.length);
  return text;
}

function indentOf(indent: Value): string | undefined {
  if (indent === null) return undefined;
  if (typeof indent === 'string') return indent;
  const width = Math.max(0, indexOf(indent));
  spendText(width);
  return ' '.repeat(width);
}

function write(given: Value, style: Style, newline: string, depth: number): string {
  const value = bare(given);
  if (typeof value === 'string') return writeText(value, style.ascii);
  if (value === null) return 'null';
  if (typeof value !== 'object') return String(value);
  if (depth > 500) throw new TemplateBudgetError('it writes a value that lies too deep');
  if (value.kind === 'float') return writeFloat(value.value);
  const inner = style.indent === undefined ? '' : newline + style.indent;
  let parts: string[];
  if (isSequence(value)) parts = value.items.map((item) => write(item, style, inner, depth + 1));
  else if (value.kind === 'dict') parts = writePairs(value, style, inner, depth + 1);
  else throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  const [open, close] = isSequence(value) ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  const end = style.indent === undefined ? '' : newline;
  const text = `${open}${inner}${parts.join(style.itemSeparator + inner)}${end}${close}`;
  spendText(text.length);
  return text;
}

function writePairs(value: Dict, style: Style, newline: string, depth: number): string[] {
  const entries = [...value.entries.values()];
  const ordered = style.sortKeys ? sorted(entries, ([key]) => key) : entries;
  return ordered.map(([key, item]) => {
    return `${writeText(keyText(key), style.ascii)}${style.keySeparator}${write(item, style, newline, depth)}`;
  });
}

function keyText(given: Value): string {
  const key = bare(given);
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key !== 'object') return String(key);
  if (isKind(key, 'float')) return writeFloat(key.value);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function writeFloat(value: number): string {
  if (Number.isFinite(value)) return reprFloat(value);
  return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Infinity' : 'Infinity';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

function writeText(text: string, ascii: boolean): string {
  const unsafe = ascii ? /["\\]|[^ -~]/g : /["\\]|[^ -\uFFFF]/g;
  const escaped = text.replace(unsafe, (character) => {
    return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}
