import { spendText } from './budget.ts';
import { JinjaError, valueError } from './errors.ts';
import { formatValue } from './format-spec.ts';
import { repr, reprText, str } from './repr.ts';
import type { Arguments, Value } from './values.ts';

/** How templates look up attributes and items. */
export interface Lookup {
  readonly getAttribute: (value: Value, name: string) => Value;
  readonly getItem: (value: Value, key: Value) => Value;
}

/** Python's `format.format(…)`. @throws {JinjaError} */
export function formatBraces(format: string, given: Arguments, lookup: Lookup): string {
  let counted = 0;
  let numbering: 'automatic' | 'manual' | undefined;
  const numbered = (kind: typeof numbering): void => {
    if (numbering && numbering !== kind) {
      throw valueError('cannot switch between manual field specification and automatic field numbering');
    }
    numbering = kind;
  };
  const fieldOf = (name: string): Value => {
    if (name === '') numbered('automatic');
    else if (/^\d+$/.test(name)) numbered('manual');
    else {
      const value = given.named?.get(name);
      if (value === undefined) throw new JinjaError('KeyError', reprText(name));
      return value;
    }
    const place = name === '' ? counted++ : Number(name);
    const value = given.positional[place];
    if (value === undefined) {
      throw new JinjaError('IndexError', `Replacement index ${place} out of range for positional args tuple`);
    }
    return value;
  };
  const expand = (text: string, depth: number): string => {
    if (depth === 0) throw valueError('Max string recursion exceeded');
    let result = '';
    for (const part of partsOf(text)) {
      if (typeof part === 'string') result += part;
      else
        result += formatValue(fieldValue(part, fieldOf, lookup), part.spec === '' ? '' : expand(part.spec, depth - 1));
      spendText(result.length);
    }
    return result;
  };
  return expand(format, 2);
}

interface Field {
  readonly name: string;
  readonly conversion: string | undefined;
  readonly spec: string;
}

function fieldValue({ name, conversion }: Field, fieldOf: (name: string) => Value, lookup: Lookup): Value {
  const first = /^[^.[]*/.exec(name)?.[0] ?? '';
  let value = fieldOf(first);
  let place = first.length;
  const step = /\.([^.[]+)|\[([^\]]+)\]/y;
  while (place < name.length) {
    step.lastIndex = place;
    const found = step.exec(name);
    if (!found) throw valueError("Only '.' or '[' may follow ']' in format field specifier");
    const [, attribute, item] = found;
    if (attribute !== undefined) value = lookup.getAttribute(value, attribute);
    else value = lookup.getItem(value, /^\d+$/.test(item as string) ? Number(item) : (item as string));
    place = step.lastIndex;
  }
  if (conversion === 'r' || conversion === 'a') return repr(value);
  if (conversion === 's') return str(value);
  if (conversion !== undefined) throw valueError(`Unknown conversion specifier ${conversion}`);
  return value;
}

/** Text, and the fields between it. */
function* partsOf(format: string): Generator<string | Field> {
  let place = 0;
  while (place < format.length) {
    const next = format.slice(place).search(/[{}]/);
    if (next < 0) break;
    const at = place + next;
    yield format.slice(place, at);
    const brace = format[at] as string;
    if (format[at + 1] === brace) {
      yield brace;
      place = at + 2;
      continue;
    }
    if (brace === '}') throw valueError("Single '}' encountered in format string");
    const end = closingBrace(format, at);
    yield fieldIn(format.slice(at + 1, end));
    place = end + 1;
  }
  yield format.slice(place);
}

function closingBrace(format: string, open: number): number {
  let depth = 0;
  for (let i = open; i < format.length; i++) {
    if (format[i] === '{') depth++;
    else if (format[i] === '}' && --depth === 0) return i;
  }
  throw valueError(
    open === format.length - 1 ? "Single '{' encountered in format string" : "expected '}' before end of string",
  );
}

function fieldIn(text: string): Field {
  const end = /^(?:\[[^\]]*\]|[^!:[])*/.exec(text)?.[0].length ?? 0;
  const rest = text.slice(end);
  const name = text.slice(0, end);
  const converted = /^!([^:]?)(?::([\s\S]*))?$/.exec(rest);
  if (converted) return { name, conversion: converted[1] as string, spec: converted[2] ?? '' };
  if (rest.startsWith('!')) throw valueError("expected ':' after conversion specifier");
  return { name, conversion: undefined, spec: rest.slice(1) };
}
