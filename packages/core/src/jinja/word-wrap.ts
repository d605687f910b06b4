import { charactersOf, lengthOfText } from './code-points.ts';
import { valueError } from './errors.ts';

interface Wrapping {
  readonly width: number;
  readonly breakLong: boolean;
  readonly atHyphens: boolean;
}

const WHITE = '\\t\\n\\x0b\\f\\r ';
const WORD = `[\\p{L}\\p{N}_!"'&.,?]`;
const LETTER = '[\\p{L}_]';
/** White space, dashes, and words, which may be cut after a hyphen: as Python's textwrap cuts a line. */
const CHUNKS = new RegExp(
  `([${WHITE}]+|(?<=${WORD})-{2,}(?=[\\p{L}\\p{N}_])|[^${WHITE}](?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=[${WHITE}]|$)|(?<=${WORD})(?=-{2,}[\\p{L}\\p{N}_])|[^${WHITE}]*?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=[${WHITE}]|$)|(?<=${WORD})(?=-{2,}[\\p{L}\\p{N}_]))))`,
  'u',
);

/** Python's `textwrap.wrap` of one line, tabs and other white space left as they are. */
export function wrapWords(line: string, { width, breakLong, atHyphens }: Wrapping): string[] {
  if (width <= 0) throw valueError(`invalid width ${width} (must be > 0)`);
  const pattern = atHyphens ? CHUNKS : new RegExp(`([${WHITE}]+)`);
  const chunks = line
    .split(pattern)
    .filter((chunk) => chunk !== '' && chunk !== undefined)
    .reverse();
  const isWhite = (chunk: string) => new RegExp(`^[${WHITE}]*$`).test(chunk);
  const lines: string[] = [];
  while (chunks.length > 0) {
    const current: string[] = [];
    let length = 0;
    if (lines.length > 0 && isWhite(chunks.at(-1) as string)) chunks.pop();
    while (chunks.length > 0) {
      const next = lengthOfText(chunks.at(-1) as string);
      if (length + next > width) break;
      current.push(chunks.pop() as string);
      length += next;
    }
    const long = chunks.at(-1);
    if (long !== undefined && lengthOfText(long) > width) {
      const room = width - length;
      if (breakLong) {
        const end = placeToBreak(long, room, atHyphens);
        const characters = charactersOf(long);
        current.push(characters.slice(0, end).join(''));
        chunks[chunks.length - 1] = characters.slice(end).join('');
      } else if (current.length === 0) current.push(chunks.pop() as string);
      length = current.reduce((sum, chunk) => sum + lengthOfText(chunk), 0);
    }
    if (current.length > 0 && isWhite(current.at(-1) as string)) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

/** A long word is cut after its last hyphen that there is room for, else where the room ends. */
function placeToBreak(word: string, room: number, atHyphens: boolean): number {
  const characters = charactersOf(word);
  if (!atHyphens || characters.length <= room) return room;
  const hyphen = characters.slice(0, room).lastIndexOf('-');
  return hyphen > 0 && characters.slice(0, hyphen).some((character) => character !== '-') ? hyphen + 1 : room;
}
