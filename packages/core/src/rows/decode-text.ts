import { basename, dirname, join } from 'node:path';
import { TextDecoder } from 'node:util';
import type { UserError } from '../errors.ts';
import { malformed, type Note } from './malformed.ts';

/**
 * Text from its bytes, piece by piece, without a byte order mark: UTF-8, or UTF-16 as its mark or its zero bytes show it.
 * Nothing else is guessed: one encoding's "é" is another one's "щ".
 * @throws {UserError} `file-malformed` for what is neither, with the place and the command that converts it
 */
export async function* decodedText(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  note: Note = () => {},
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  /** What was decoded before the chunk: its lines, whether all of it is ASCII, and its end. */
  const before = { lines: 0, isAscii: true, end: new Uint8Array() };
  for await (const chunk of withLongStart(bytes)) {
    decoder ??= openDecoder(chunk, path, note);
    const explain = (cause: unknown) => undecodable(path, decoder as TextDecoder, { chunk, ...before }, cause);
    const text = decode(decoder, chunk, explain);
    yield text;
    before.lines += countOf(LINE_FEED, chunk);
    before.isAscii &&= text.length === chunk.length;
    before.end = chunk.slice(-64);
  }
  if (!decoder) return;
  yield decode(decoder, undefined, (cause) =>
    malformed(
      path,
      'The file ends within a character.',
      'It may be cut: write it anew, or take its last line away.',
      cause,
    ),
  );
}

/** So many bytes show how a file is written. */
const START = 2 ** 12;

async function* withLongStart(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array[] | undefined = [];
  let length = 0;
  for await (const chunk of bytes) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start.push(chunk);
    length += chunk.length;
    if (length < START) continue;
    yield Buffer.concat(start);
    start = undefined;
  }
  if (start !== undefined && length > 0) yield Buffer.concat(start);
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined, explain: (cause: unknown) => UserError): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    throw explain(cause);
  }
}

function openDecoder(start: Uint8Array, path: string, note: Note): TextDecoder {
  const encoding = encodingOf(start, path);
  if (encoding !== 'utf-8') note(`read as ${encoding.toUpperCase()}`);
  return new TextDecoder(encoding, { fatal: true });
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(start: Uint8Array, path: string): Encoding {
  const beginsWith = (...mark: number[]) => mark.every((byte, i) => start[i] === byte);
  if (beginsWith(0xff, 0xfe, 0, 0) || beginsWith(0, 0, 0xfe, 0xff)) {
    throw malformed(path, 'The file is UTF-32 text.', convert(path, 'UTF-32'));
  }
  if (beginsWith(0xff, 0xfe)) return 'utf-16le';
  if (beginsWith(0xfe, 0xff)) return 'utf-16be';
  return withoutMark(start);
}

/** What rows have between the texts in them, however they are written. */
const MARKS = new Set(Buffer.from('"{}[]:,;|\t\r\n '));

/** UTF-16 writes these as a byte and a zero, in this order or the other. A few of them are damage, not an encoding. */
function withoutMark(start: Uint8Array): Encoding {
  let [little, big] = [0, 0];
  for (let i = 0; i + 1 < start.length; i += 2) {
    const [first, second] = [start[i] as number, start[i + 1] as number];
    if (second === 0 && MARKS.has(first)) little++;
    if (first === 0 && MARKS.has(second)) big++;
  }
  if (Math.max(little, big) < start.length / 400 || little === big) return 'utf-8';
  return little > big ? 'utf-16le' : 'utf-16be';
}

const LINE_FEED = 0x0a;

function countOf(byte: number, bytes: Uint8Array): number {
  let count = 0;
  for (let i = bytes.indexOf(byte); i >= 0; i = bytes.indexOf(byte, i + 1)) count++;
  return count;
}

interface Place {
  readonly chunk: Uint8Array;
  readonly lines: number;
  readonly isAscii: boolean;
  readonly end: Uint8Array;
}

function undecodable(path: string, { encoding }: TextDecoder, place: Place, cause: unknown): UserError {
  if (encoding !== 'utf-8') {
    const problem = `The file begins as ${encoding.toUpperCase()}, and has half a character in it.`;
    return malformed(path, problem, 'Save it as UTF-8.', cause);
  }
  // What is known of the text before may begin in the midst of a character.
  const whole = place.end.findIndex((byte) => (byte & 0xc0) !== 0x80);
  const bytes = Buffer.concat([place.end.subarray(Math.max(0, whole)), place.chunk]);
  const good = new TextDecoder().decode(bytes).split('\ufffd', 1)[0] as string;
  const at = Buffer.byteLength(good);
  const line = place.lines - countOf(LINE_FEED, place.end) + countOf(LINE_FEED, bytes.subarray(0, at)) + 1;
  const where = `${path}, line ${line}`;
  const byte = `0x${(bytes[at] ?? 0).toString(16).toUpperCase()}`;
  const before = good.slice(-30).split('\n').at(-1) ?? '';
  if (!place.isAscii || /[^\0-\x7f]/.test(good)) {
    const problem = `The file is UTF-8, but for the byte ${byte} behind ${JSON.stringify(before)}.`;
    return malformed(where, problem, 'Correct that character.', cause);
  }
  const shown = new TextDecoder('windows-1252').decode(bytes.subarray(at, at + 20)).split(/[\r\n]/)[0];
  const problem = `The file is not UTF-8. If it is Windows-1252 (Latin-1), as Excel and older programs write it, this stands there: ${JSON.stringify(before + shown)}.`;
  return malformed(where, problem, `${convert(path, 'WINDOWS-1252')} Another encoding has another name there.`, cause);
}

function convert(path: string, encoding: string): string {
  const name = basename(path);
  const dot = name.indexOf('.', 1) < 0 ? name.length : name.indexOf('.', 1);
  const into = join(dirname(path), `${name.slice(0, dot)}-utf8${name.slice(dot)}`);
  const [from, to] = [path, into].map((file) =>
    /^[\w@%+=:,./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`,
  );
  const isGzip = path.toLowerCase().endsWith('.gz');
  const command = isGzip
    ? `gunzip -c ${from} | iconv -f ${encoding} -t UTF-8 | gzip > ${to}`
    : `iconv -f ${encoding} -t UTF-8 ${from} > ${to}`;
  return `Convert it: ${command}`;
}
