import { spend, spendText, TemplateBudgetError } from './budget.ts';
import { viewed } from './iterate.ts';
import { type Compound, isKind, isUndefined, type Tuple, type Value } from './values.ts';

/** Python's `str`: what a template writes of a value. */
export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (isKind(value, 'markup')) return value.text;
  return isUndefined(value) ? '' : repr(value);
}

/** Python's `repr`. */
export function repr(value: Value): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'string':
      return reprText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
    case 'bigint':
      return String(value);
    default: {
      spend(1);
      const text = reprCompound(value);
      spendText(text.length);
      return text;
    }
  }
}

function reprCompound(value: Compound): string {
  switch (value.kind) {
    case 'float':
      return reprFloat(value.value);
    case 'markup':
      return `Markup(${reprText(value.text)})`;
    case 'list':
      return `[${reprAll(value.items)}]`;
    case 'tuple':
      return reprTuple(value);
    case 'dict':
      return `{${reprPairs(value.entries.values())}}`;
    case 'undefined':
      return 'Undefined';
    case 'namespace':
      return `<Namespace {${reprPairs(value.attributes)}}>`;
    case 'range':
      return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
    case 'view':
      return `dict_${value.which}([${reprAll(viewed(value))}])`;
    case 'generator':
      return `<${value.type} object>`;
    case 'thing':
      return value.repr();
  }
}

function reprTuple({ items }: Tuple): string {
  return items.length === 1 ? `(${repr(items[0] as Value)},)` : `(${reprAll(items)})`;
}

/** What lies within a value may be the value itself, by way of a namespace. */
function reprAll(items: readonly Value[]): string {
  return items.map(inner).join(', ');
}

function reprPairs(pairs: Iterable<readonly [Value, Value]>): string {
  return Array.from(pairs, ([key, value]) => `${inner(key)}: ${inner(value)}`).join(', ');
}

let depth = 0;

function inner(value: Value): string {
  if (++depth > 500) {
    depth = 0;
    throw new TemplateBudgetError('it writes a value that lies within itself');
  }
  const text = repr(value);
  depth--;
  return text;
}

/** The shortest digits that mean the same number, as Python lays them out: 20.0, 1e-07, 1e+16. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  // JavaScript writes numbers from 1e-6 and up to 1e21 plainly.
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return quote + text + quote;
  let written = quote;
  for (const character of text) written += escaped(character, quote);
  return written + quote;
}

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  if (character === ' ' || !UNPRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) as number;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
