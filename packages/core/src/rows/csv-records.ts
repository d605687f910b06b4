/** A record of a delimited text, with the places that messages name. */
export interface CsvRecord {
  readonly fields: readonly string[];
  /** The line it begins on, from 1. */
  readonly line: number;
  /** Of each field: the place in its line where it begins, from 1. */
  readonly columns: readonly number[];
  /** The number of a field, from 1, that begins with a quote and goes on behind the closing one; the record ends with its line. */
  readonly brokenField?: number;
}

/** Splits a text into records, whatever pieces it comes in. */
export interface CsvSplitter {
  /** @returns the records that are whole now */
  push(piece: string): CsvRecord[];
  /** @returns the last record, where no line end follows it. @throws {UnclosedQuote} */
  end(): CsvRecord[];
  /** Characters of the record that has begun, and the line it begins on. */
  begun(): { readonly characters: number; readonly line: number };
}

/** The text ends within quotes. */
export class UnclosedQuote extends Error {
  override readonly name = 'UnclosedQuote';
  /** Where the record begins that they are in. */
  readonly line: number;
  /** The number of the field, from 1. */
  readonly field: number;
  constructor(line: number, field: number) {
    super('A quote is opened and not closed.');
    this.line = line;
    this.field = field;
  }
}

/** Where the text is in a field: before it or in spaces before quotes, in it, in quotes, behind a quote that may end it. */
type Place = 'start' | 'plain' | 'quoted' | 'quote' | 'behind-quotes' | 'broken';

interface Reading {
  place: Place;
  /** The field so far without its quotes, and the spaces around them. */
  parts: string[];
  before: string;
  behind: string;
  /** The record so far. */
  fields: string[];
  columns: number[];
  brokenField: number | undefined;
  line: number;
  recordLine: number;
  /** Characters before the piece that is read, before the line it is in, and before the record. */
  read: number;
  lineStart: number;
  recordStart: number;
}

/**
 * Fields in quotes as RFC 4180 has them, with what people have beside: lines that end in LF, CRLF or CR, spaces around
 * quotes, and quotes within a field that are not doubled (`5" disk`, `"Hi" she said`), which are taken for what they look
 * like. Where such a quote could also be the end of a field that holds a delimiter or a line's end, the record is broken.
 *
 * Texts are searched, not walked through, and a field that comes in many pieces is joined once.
 */
export function csvSplitter(delimiter: string): CsvSplitter {
  const fieldEnd = new RegExp(`[${delimiter.replace(/[\\\]^-]/, '\\$&')}\\n\\r]`, 'g');
  const reading: Reading = {
    ...{ place: 'start', parts: [], before: '', behind: '' },
    ...{ fields: [], columns: [], brokenField: undefined },
    ...{ line: 1, recordLine: 1, read: 0, lineStart: 0, recordStart: 0 },
  };
  /** A return whose line feed may come with the next piece. */
  let held = '';
  const read = (piece: string): CsvRecord[] => {
    const records: CsvRecord[] = [];
    for (let i = 0; i < piece.length; ) i = readOn(reading, piece, i, { delimiter, fieldEnd, records });
    reading.read += piece.length;
    return records;
  };
  return {
    push(piece) {
      const text = held + piece;
      held = text.endsWith('\r') ? '\r' : '';
      return read(held === '' ? text : text.slice(0, -1));
    },
    end() {
      const records = read(held);
      held = '';
      if (reading.place === 'quoted') throw new UnclosedQuote(reading.recordLine, reading.columns.length);
      if (reading.read === reading.recordStart) return records;
      if (reading.place === 'start') beginField(reading, reading.read);
      endField(reading);
      return [...records, endRecord(reading)];
    },
    begun: () => ({ characters: reading.read - reading.recordStart, line: reading.recordLine }),
  };
}

interface Ends {
  readonly delimiter: string;
  readonly fieldEnd: RegExp;
  readonly records: CsvRecord[];
}

/** One step through the piece. @returns where the next one begins */
function readOn(reading: Reading, piece: string, i: number, { delimiter, fieldEnd, records }: Ends): number {
  const character = piece[i] as string;
  if (reading.place === 'quoted') return readQuoted(reading, piece, i);
  if (reading.place === 'start') {
    if (character === ' ' || character === '"') return beginQuotes(reading, character, i);
    beginField(reading, reading.read + i);
  }
  const isEnd = character === delimiter || character === '\n' || character === '\r';
  if ((reading.place === 'quote' || reading.place === 'behind-quotes') && !isEnd) {
    if (readBehindQuote(reading, character)) return i + 1;
    goOnPlain(reading, delimiter);
  }
  if (!isEnd || (reading.place === 'broken' && character === delimiter)) {
    fieldEnd.lastIndex = isEnd ? i + 1 : i;
    const to = fieldEnd.exec(piece)?.index ?? piece.length;
    reading.parts.push(piece.slice(i, to));
    return to;
  }
  endField(reading);
  if (character === delimiter) return i + 1;
  const next = piece.startsWith('\r\n', i) ? i + 2 : i + 1;
  reading.line++;
  reading.lineStart = reading.read + next;
  records.push(endRecord(reading));
  reading.recordStart = reading.lineStart;
  return next;
}

function beginQuotes(reading: Reading, character: ' ' | '"', i: number): number {
  if (reading.before === '') reading.columns.push(reading.read + i - reading.lineStart + 1);
  if (character === ' ') reading.before += character;
  else reading.place = 'quoted';
  return i + 1;
}

/** A field without quotes, of which the spaces it begins with are part. @param at characters before it */
function beginField(reading: Reading, at: number): void {
  if (reading.before === '') reading.columns.push(at - reading.lineStart + 1);
  else reading.parts.push(reading.before);
  reading.place = 'plain';
}

const LINE_ENDS = /\r\n|\n|\r/g;

function readQuoted(reading: Reading, piece: string, from: number): number {
  let quote = piece.indexOf('"', from);
  let isDoubled = false;
  while (quote >= 0 && piece[quote + 1] === '"') {
    isDoubled = true;
    quote = piece.indexOf('"', quote + 2);
  }
  const text = piece.slice(from, quote < 0 ? piece.length : quote);
  reading.parts.push(isDoubled ? text.replaceAll('""', '"') : text);
  for (LINE_ENDS.lastIndex = 0; LINE_ENDS.test(text); ) {
    reading.line++;
    reading.lineStart = reading.read + from + LINE_ENDS.lastIndex;
  }
  if (quote < 0) return piece.length;
  reading.place = 'quote';
  return quote + 1;
}

/** A quote that is doubled, and spaces between a closing quote and the field's end. */
function readBehindQuote(reading: Reading, character: string): boolean {
  if (reading.place === 'quote' && character === '"') {
    reading.parts.push(character);
    reading.place = 'quoted';
    return true;
  }
  if (character !== ' ') return false;
  reading.behind += character;
  reading.place = 'behind-quotes';
  return true;
}

/** What follows the closing quote belongs to the field: its quotes are part of it, unless they could be meant otherwise. */
function goOnPlain(reading: Reading, delimiter: string): void {
  const text = reading.parts.join('');
  const isBroken = text.includes(delimiter) || /[\n\r]/.test(text);
  if (isBroken) reading.brokenField = reading.columns.length;
  reading.parts = [`${reading.before}"${text}"${reading.behind}`];
  reading.place = isBroken ? 'broken' : 'plain';
}

function endField(reading: Reading): void {
  const { parts, fields } = reading;
  fields.push(parts.length === 1 ? (parts[0] as string) : parts.join(''));
  reading.parts = [];
  reading.before = '';
  reading.behind = '';
  reading.place = 'start';
}

function endRecord(reading: Reading): CsvRecord {
  const { fields, columns, recordLine: line, brokenField } = reading;
  reading.fields = [];
  reading.columns = [];
  reading.brokenField = undefined;
  reading.recordLine = reading.line;
  return { fields, columns, line, ...(brokenField !== undefined && { brokenField }) };
}
