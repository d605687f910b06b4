import { isSpace, SPACE, stripEnd } from './code-points.ts';
import { syntaxError } from './errors.ts';
import { readNumber, readString } from './literals.ts';
import type { Token } from './tokens.ts';

const S = `[${SPACE}]*`;
const ROOT = new RegExp(`(\\{%([-+]?)${S}raw${S}(?:-%\\}${S}|%\\}))|(\\{%|\\{\\{|\\{#)([-+]?)`, 'g');
const COMMENT_END = new RegExp(`\\+#\\}|-#\\}${S}|#\\}\\n?`, 'g');
const RAW_END = new RegExp(`\\{%([-+]?)${S}endraw${S}(?:\\+%\\}|-%\\}${S}|%\\}\\n?)`, 'g');
const BLOCK_END = new RegExp(`\\+%\\}|-%\\}${S}|%\\}\\n?`, 'y');
const VARIABLE_END = new RegExp(`-\\}\\}${S}|\\}\\}`, 'y');
const WHITE = new RegExp(`[${SPACE}]+`, 'y');
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{N}\p{M}\p{Pc}]+/uy;
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/**
 * Cuts a template into tokens, as Jinja does with `trim_blocks` and `lstrip_blocks`: the line end after a block or comment and the
 * white space before it on its line belong to it.
 * @throws {JinjaError}
 */
export function tokenize(template: string): Token[] {
  const source = template.replaceAll(/\r\n?/g, '\n').replace(/\n$/, '');
  const tokens: Token[] = [];
  const lineAt = lineCounter(source);
  let place = 0;
  /** Whether nothing stands before `place` on its line. */
  let begins = true;
  const addData = (data: string, sign: string, strips: boolean) => {
    const text = trimmed(data, sign, strips, begins);
    if (text !== '') tokens.push({ type: 'data', text, line: lineAt(place) });
  };
  const endOf = (pattern: RegExp, from: number, what: string): RegExpExecArray => {
    pattern.lastIndex = from;
    const found = pattern.exec(source);
    if (!found) throw syntaxError(`Missing end of ${what}`, lineAt(place));
    return found;
  };
  for (;;) {
    ROOT.lastIndex = place;
    const found = ROOT.exec(source);
    if (!found) break;
    const { 1: raw, 2: rawSign = '', 3: begin, 4: sign = '', index } = found;
    addData(source.slice(place, index), raw === undefined ? sign : rawSign, begin !== '{{');
    place = ROOT.lastIndex;
    if (raw !== undefined) {
      begins = raw.endsWith('\n');
      const end = endOf(RAW_END, place, 'raw directive');
      addData(source.slice(place, end.index), end[1] as string, true);
      place = RAW_END.lastIndex;
    } else if (begin === '{#') {
      endOf(COMMENT_END, place, 'comment tag');
      place = COMMENT_END.lastIndex;
    } else {
      place = tokenizeTag(source, place, begin === '{{' ? 'variable' : 'block', tokens, lineAt);
    }
    begins = source[place - 1] === '\n';
  }
  addData(source.slice(place), '+', false);
  tokens.push({ type: 'end', text: '', line: lineAt(source.length) });
  return tokens;
}

function trimmed(text: string, sign: string, strips: boolean, begins: boolean): string {
  if (sign === '-') return stripEnd(text);
  if (sign === '+' || !strips) return text;
  const from = text.lastIndexOf('\n') + 1;
  return (from > 0 || begins) && isSpace(text.slice(from)) ? text.slice(0, from) : text;
}

/** Cuts what stands within `{% %}` or `{{ }}`. @returns the place after its end */
function tokenizeTag(
  source: string,
  from: number,
  kind: 'variable' | 'block',
  tokens: Token[],
  lineAt: (place: number) => number,
): number {
  const end = kind === 'variable' ? VARIABLE_END : BLOCK_END;
  const open: string[] = [];
  let place = from;
  tokens.push({ type: `${kind}_begin`, text: '', line: lineAt(place) });
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = place;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) place += text.length;
    return text;
  };
  while (place < source.length) {
    const line = lineAt(place);
    if (open.length === 0 && take(end) !== undefined) {
      tokens.push({ type: `${kind}_end`, text: '', line });
      return place;
    }
    if (take(WHITE) !== undefined) continue;
    const token = takeLiteral(take, line) ?? takeOperator(take, open, line);
    if (!token) throw syntaxError(`unexpected char ${JSON.stringify(source[place])}`, line);
    tokens.push(token);
  }
  return place;
}

function takeLiteral(take: (pattern: RegExp) => string | undefined, line: number): Token | undefined {
  const number = take(FLOAT) ?? take(INTEGER);
  if (number !== undefined) return { type: 'number', text: number, line, constant: readNumber(number) };
  const name = take(NAME);
  if (name !== undefined) {
    if (!IDENTIFIER.test(name)) throw syntaxError('Invalid character in identifier', line);
    return { type: 'name', text: name, line };
  }
  const text = take(STRING);
  return text === undefined ? undefined : { type: 'string', text, line, constant: readString(text.slice(1, -1), line) };
}

function takeOperator(take: (pattern: RegExp) => string | undefined, open: string[], line: number): Token | undefined {
  const text = take(OPERATOR);
  if (text === undefined) return undefined;
  const closing = CLOSING[text];
  if (closing !== undefined) open.push(closing);
  else if (text === '}' || text === ')' || text === ']') {
    const expected = open.pop();
    if (expected === undefined) throw syntaxError(`unexpected '${text}'`, line);
    if (expected !== text) throw syntaxError(`unexpected '${text}', expected '${expected}'`, line);
  }
  return { type: 'operator', text, line };
}

/** Lines are asked for from the beginning to the end. */
function lineCounter(source: string): (place: number) => number {
  let line = 1;
  let counted = 0;
  return (place) => {
    for (; counted < place; counted++) if (source.charCodeAt(counted) === 10) line++;
    return line;
  };
}
