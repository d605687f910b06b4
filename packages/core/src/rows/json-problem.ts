/** Where a text stops being JSON, and why. */
export interface JsonProblem {
  /** Characters before the place. */
  readonly at: number;
  /** Half a sentence: `NaN is no value of JSON`. */
  readonly problem: string;
  readonly fix: string;
  /** The text is JSON as far as it goes, and ends between two of its parts. */
  readonly isUnfinished?: boolean;
}

type Expected = 'value' | 'first-value' | 'name' | 'first-name' | 'colon' | 'comma' | 'end';

interface Reading {
  readonly text: string;
  at: number;
  expected: Expected;
  /** Places of the brackets that are open. */
  readonly open: number[];
  comma: number;
}

/** The first thing that is wrong with a text that `JSON.parse` does not take; undefined where nothing is. */
export function jsonProblem(text: string): JsonProblem | undefined {
  const reading: Reading = { text, at: 0, expected: 'value', open: [], comma: 0 };
  for (;;) {
    SPACE.lastIndex = reading.at;
    SPACE.test(text);
    reading.at = SPACE.lastIndex;
    if (reading.at >= text.length) return unfinished(reading);
    const problem = readPart(reading);
    if (problem) return problem;
  }
}

const SPACE = /[ \t\r\n]*/y;
const FIX = 'Write rows with a library for JSON.';
const PYTHON = 'Python writes JSON with json.dumps(row), not with str(row).';

function unfinished({ text, open, expected }: Reading): JsonProblem | undefined {
  if (expected === 'end') return undefined;
  const bracket = open.at(-1);
  if (bracket === undefined) return { at: text.length, problem: 'nothing stands in it', fix: FIX };
  const what = text[bracket] === '{' ? 'the object' : 'the list';
  const problem = `it ends before ${what} is closed that begins at its character ${bracket + 1}`;
  const fix = `Close it with ${text[bracket] === '{' ? '}' : ']'}.`;
  return { at: text.length, problem, fix, isUnfinished: true };
}

function readPart(reading: Reading): JsonProblem | undefined {
  const { text, at, expected } = reading;
  const character = text[at] as string;
  if (expected === 'end') return surplus(at, character);
  if (expected === 'colon') {
    if (character !== ':') return { at, problem: 'a colon is missing behind a name', fix: FIX };
    return goOn(reading, 1, 'value');
  }
  if (character === '}' || character === ']') return close(reading, character);
  if (expected === 'comma') return readComma(reading, character);
  if (character === '"') return readText(reading);
  if (expected === 'name' || expected === 'first-name') return noName(at, character);
  return readValue(reading, character);
}

function goOn(reading: Reading, characters: number, expected: Expected): undefined {
  reading.at += characters;
  reading.expected = expected;
}

const afterValue = ({ open }: Reading): Expected => (open.length === 0 ? 'end' : 'comma');

function close(reading: Reading, character: '}' | ']'): JsonProblem | undefined {
  const { text, at, open, expected } = reading;
  const begins = text[open.at(-1) ?? -1];
  const closes = begins === '{' ? '}' : ']';
  if (begins !== undefined && character === closes && (expected === 'comma' || expected.startsWith('first-'))) {
    open.pop();
    return goOn(reading, 1, afterValue(reading));
  }
  if (begins !== undefined && (expected === 'name' || (expected === 'value' && closes === ']' && character === ']'))) {
    return { at: reading.comma, problem: `a comma stands before ${character}`, fix: 'Take the comma away.' };
  }
  if (expected === 'value') return { at, problem: `a value is missing before ${character}`, fix: FIX };
  const problem = begins === undefined ? `${character} closes nothing` : `${character} stands where ${closes} is due`;
  return { at, problem, fix: FIX };
}

function readComma(reading: Reading, character: string): JsonProblem | undefined {
  const { text, at, open } = reading;
  const isObject = text[open.at(-1) as number] === '{';
  if (character === ',') {
    reading.comma = at;
    return goOn(reading, 1, isObject ? 'name' : 'value');
  }
  const due = isObject ? 'a comma or }' : 'a comma or ]';
  if (text[at - 1] === '"') {
    const fix = 'Write a quote within a text as \\", or the comma that is missing.';
    return { at, problem: `a text ends, and neither ${due} follows it`, fix };
  }
  if (character === '{' && isObject) {
    return { at, problem: 'an object begins before the one before it is closed', fix: 'Close that one with }.' };
  }
  return { at, problem: `${due} is missing`, fix: FIX };
}

function noName(at: number, character: string): JsonProblem {
  if (character === "'") return { at, problem: 'names stand in double quotes, not in single ones', fix: PYTHON };
  if (/[\p{L}_$]/u.test(character))
    return { at, problem: 'a name stands without quotes', fix: 'Put it into double quotes.' };
  return { at, problem: `a name in double quotes is due, and ${character} stands there`, fix: FIX };
}

function surplus(at: number, character: string): JsonProblem {
  if (character === ',') return { at, problem: 'a comma follows it', fix: 'Take the comma away.' };
  if (character === '{' || character === '[') {
    return { at, problem: 'another one follows it', fix: 'Put each on a line of its own.' };
  }
  return { at, problem: `${character} follows it`, fix: FIX };
}

const WORD = /[+-]?[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** What other languages write. */
const words: Readonly<Record<string, string>> = {
  True: `Write true. ${PYTHON}`,
  False: `Write false. ${PYTHON}`,
  None: `Write null. ${PYTHON}`,
  undefined: 'Write null, or leave the field out.',
};

function readValue(reading: Reading, character: string): JsonProblem | undefined {
  const { text, at } = reading;
  if (character === '{' || character === '[') {
    reading.open.push(at);
    return goOn(reading, 1, character === '{' ? 'first-name' : 'first-value');
  }
  if (character === "'") return { at, problem: 'texts stand in double quotes, not in single ones', fix: PYTHON };
  if (character === '/' || character === '#')
    return { at, problem: 'JSON has no comments', fix: 'Take the comment away.' };
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  if (word === 'true' || word === 'false' || word === 'null') return goOn(reading, word.length, afterValue(reading));
  if (word !== undefined) {
    const isNumber = /^[+-]?(nan|inf|infinity)$/i.test(word);
    const fix = isNumber ? 'Write null, or leave the field out.' : words[word];
    return { at, problem: `${word.slice(0, 40)} is no value of JSON`, fix: fix ?? 'Put texts into double quotes.' };
  }
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(text)?.[0];
  const next = text[at + (number?.length ?? 0)] ?? ' ';
  if (number !== undefined && !/[\w.+-]/.test(next)) return goOn(reading, number.length, afterValue(reading));
  const written = /^[\w.+-]{1,40}/.exec(text.slice(at, at + 40))?.[0];
  if (written === undefined) return { at, problem: `a value is due, and ${character} stands there`, fix: FIX };
  return {
    at,
    problem: `${written} is no number as JSON writes it`,
    fix: 'Write it as 1, -0.5 or 2e-3, or as a text in quotes.',
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const TEXT_ENDS = /["\\\0-\x1f]/g;

/** A name or a value, from its first quote. */
function readText(reading: Reading): JsonProblem | undefined {
  const { text, at, expected } = reading;
  for (let i = at + 1; ; ) {
    TEXT_ENDS.lastIndex = i;
    const end = TEXT_ENDS.exec(text);
    if (end === null) {
      const fix = 'Close its quotes; a line break within it is written \\n.';
      return { at, problem: 'it ends within a text', fix };
    }
    if (end[0] === '"') {
      const isName = expected === 'name' || expected === 'first-name';
      return goOn(reading, end.index + 1 - at, isName ? 'colon' : afterValue(reading));
    }
    if (end[0] !== '\\') return control(end.index, end[0]);
    const sequence = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(end.index, end.index + 6))?.[0];
    if (sequence === undefined) {
      const written = text.slice(end.index, end.index + 2);
      const fix = 'Write a backslash as \\\\.';
      return { at: end.index, problem: `${written} in a text means nothing`, fix };
    }
    i = end.index + sequence.length;
  }
}

function control(at: number, character: string): JsonProblem {
  const [name, written] =
    character === '\n' || character === '\r'
      ? ['a line break', '\\n']
      : character === '\t'
        ? ['a tab', '\\t']
        : ['a control character', JSON.stringify(character).slice(1, -1)];
  return { at, problem: `${name} stands within a text`, fix: `Write it as ${written}.` };
}

/** What stands around a place, on one line. */
export function around(text: string, at: number): string {
  const [from, to] = [Math.max(0, at - 30), Math.min(text.length, at + 20)];
  const shown = text.slice(from, to).replace(/\s+/g, ' ').trim();
  return `${from > 0 ? '…' : ''}${shown}${to < text.length ? '…' : ''}`;
}
