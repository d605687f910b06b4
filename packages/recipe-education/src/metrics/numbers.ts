/** Numbers in any spelling, as one: "1,000", "1000.0", "one thousand"; "½", "1/2", "0.5", "half". */

const SMALL = new Map(
  [
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen',
    'eighteen nineteen',
  ]
    .join(' ')
    .split(' ')
    .map((word, value) => [word, value]),
);
const TENS = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, i) => [word, 20 + 10 * i]),
);
const SCALES = new Map([
  ['hundred', 100],
  ['dozen', 12],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
]);
const PARTS = new Map([
  ['half', 0.5],
  ['halves', 0.5],
  ['quarter', 0.25],
  ['quarters', 0.25],
]);

/** Digits: mixed fraction | fraction | thousands | plain | without a leading zero. */
const DIGITS =
  /(?<whole>\d+)[ -](?<over>\d+)[/⁄](?<under>\d+)|(?<top>\d+)[/⁄](?<bottom>\d+)|(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+/y;
const ORDINAL_ENDING = /(?:st|nd|rd|th)\b/iy;
const LETTERS = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/uy;

/** A word in lower case without accents, or a number. */
export type Token = string | number;

/**
 * The words and numbers of a text in order; punctuation and signs left out, compatible characters made one (NFKC).
 * A fraction is a number when it is a proper one: "48/2" is 48 and 2, a task rather than a value. Ordinals ("4th", "fourth")
 * are words.
 */
export function tokensOf(text: string): Token[] {
  return joinNumberWords(rawTokens(text.replace(/(\d)([½⅓⅔¼¾])/g, '$1 $2').normalize('NFKC')));
}

/** The numbers of a text, in order. */
export function numbersOf(text: string): number[] {
  return tokensOf(text).filter((token) => typeof token === 'number');
}

function rawTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const digits = match(DIGITS);
    if (digits) {
      at += digits[0].length;
      const ordinal = match(ORDINAL_ENDING);
      if (ordinal) at += ordinal[0].length;
      tokens.push(...(ordinal ? [digits[0] + ordinal[0].toLowerCase()] : valuesOf(digits)));
      continue;
    }
    const word = match(LETTERS);
    if (word) tokens.push(plain(word[0]));
    at += word ? word[0].length : 1;
  }
  return tokens;
}

function valuesOf({ 0: written, groups }: RegExpExecArray): number[] {
  const { whole, over, under, top, bottom } = groups ?? {};
  if (whole && over && under) {
    return properFraction(over, under).length === 1
      ? [Number(whole) + Number(over) / Number(under)]
      : [Number(whole), Number(over), Number(under)];
  }
  if (top && bottom) return properFraction(top, bottom);
  return [Number(written.replaceAll(',', ''))];
}

function properFraction(top: string, bottom: string): number[] {
  return Number(top) < Number(bottom) ? [Number(top) / Number(bottom)] : [Number(top), Number(bottom)];
}

function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}

/** "two hundred and five" → 205, "a dozen" → 12, "three quarters" → 0.75, "two and a half" → 2.5. */
function joinNumberWords(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; ) {
    const number = readNumber(tokens, at);
    joined.push(number ? number.value : (tokens[at] as Token));
    at = number ? number.end : at + 1;
  }
  return joined;
}

interface ReadNumber {
  readonly value: number;
  /** Index of the first token after it. */
  readonly end: number;
}

function readNumber(tokens: readonly Token[], start: number): ReadNumber | undefined {
  const first = tokens[start];
  if (typeof first === 'string' && PARTS.has(first)) return { value: PARTS.get(first) ?? 0, end: start + 1 };
  const whole = readWhole(tokens, start);
  if (!whole) return undefined;
  const { value, end } = whole;
  const part = (at: number) => PARTS.get(String(tokens[at]));
  const half = part(end);
  if (half !== undefined && value > 0) return { value: value * half, end: end + 1 };
  const further = tokens[end] === 'and' && tokens[end + 1] === 'a' ? part(end + 2) : undefined;
  return further === undefined ? whole : { value: value + further, end: end + 3 };
}

/** `total` has the thousands that are done, `current` what they are still to be multiplied with. */
function readWhole(tokens: readonly Token[], start: number): ReadNumber | undefined {
  let at = start;
  let total = 0;
  let current: number | undefined;
  let unit = Number.POSITIVE_INFINITY;
  if (tokens[at] === 'a' && SCALES.has(String(tokens[at + 1]))) {
    current = 1;
    at += 1;
  }
  while (at < tokens.length) {
    const token = tokens[at];
    const scale = SCALES.get(String(token));
    const value =
      typeof token === 'number'
        ? at === start
          ? token
          : undefined
        : (SMALL.get(token ?? '') ?? TENS.get(token ?? ''));
    if (scale !== undefined && (current !== undefined || at === start)) {
      current = (current ?? 1) * scale;
      if (scale >= 1000) {
        total += current;
        current = 0;
      }
      unit = scale;
    } else if (value !== undefined && value < unit && (current === undefined || fits(current, value))) {
      current = (current ?? 0) + value;
      unit = TENS.has(String(token)) ? 10 : Math.min(unit, 1);
      if (typeof token === 'number') unit = 1;
    } else if (token === 'and' && unit >= 100 && Number.isFinite(unit) && isSmallNumber(tokens[at + 1])) {
      at += 1;
      continue;
    } else break;
    at += 1;
  }
  return current === undefined ? undefined : { value: total + current, end: at };
}

/** Whether `value` can follow in the same number: "twenty" "one", "hundred" "five", "thousand" "two". */
function fits(current: number, value: number): boolean {
  if (current === 0) return true;
  if (current % 100 === 0) return value < 100;
  return current % 10 === 0 && current % 100 >= 20 && value < 10 && value > 0;
}

function isSmallNumber(token: Token | undefined): boolean {
  return typeof token === 'string' && (SMALL.has(token) || TENS.has(token));
}
