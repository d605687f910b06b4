import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, csvSplitter, UnclosedQuote } from './csv-records.ts';

function recordsOf(pieces: readonly string[], delimiter = ','): CsvRecord[] {
  const splitter = csvSplitter(delimiter);
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}
const fieldsOf = (text: string, delimiter?: string) => recordsOf([text], delimiter).map(({ fields }) => fields);

/** A text cut at some places. */
const inPieces = (text: string, cuts: readonly number[]): string[] => {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, i) => text.slice(places[i], end));
};
const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('csvSplitter', () => {
  it('gives back what was written, with any line ends, quotes and pieces', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '你', ' ', '"', ',', ';', '\t', '\n', '\r'), maxLength: 6 });
    const table = fc.array(fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 4 }), { maxLength: 4 });
    const delimiters = fc.constantFrom(',', ';', '\t', '|', '^', ']', '-', '\\');
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(table, delimiters, ends, cuts, (rows, delimiter, end, places) => {
        const written = ([text, quoted]: [string, boolean]) =>
          quoted || /["\n\r ]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
        const content = rows.map((row) => row.map(written).join(delimiter) + end).join('');
        const read = recordsOf(inPieces(content, places), delimiter).map(({ fields }) => fields);
        expect(read).toEqual(rows.map((row) => row.map(([text]) => text)));
      }),
      { numRuns: 500 },
    );
  });

  it('reads what a strict reader takes as that one does, and the same in pieces as at once', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', '""', 'b"'), maxLength: 14 });
    fc.assert(
      fc.property(text, cuts, (content, places) => {
        const attempt = (read: () => unknown) => {
          try {
            return read();
          } catch (error) {
            return (error as Error).name;
          }
        };
        const ours = attempt(() => recordsOf([content]));
        expect(attempt(() => recordsOf(inPieces(content, places)))).toEqual(ours);
        const options = { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true };
        const strict = attempt(() => parse(content, options));
        // Spaces around quotes are ours; empty lines at the end are nobody's.
        fc.pre(typeof strict !== 'string' && !/ "|" /.test(content));
        expect((ours as CsvRecord[]).map(({ fields }) => fields)).toEqual(strict);
      }),
      { numRuns: 2000, maxSkipsPerRun: 1000 },
    );
  });

  it.each([
    ['5" disk,x', [['5" disk', 'x']]],
    ['"Hi" she said,x', [['"Hi" she said', 'x']]],
    ['say "a" and "b",x', [['say "a" and "b"', 'x']]],
    ['a, "b, c" ,d', [['a', 'b, c', 'd']]],
    ['a, b ,c', [['a', ' b ', 'c']]],
    ['"",""', [['', '']]],
    ['a,', [['a', '']]],
    ['a\r"b\r\nc"\rd', [['a'], ['b\r\nc'], ['d']]],
  ])('reads %j', (text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  it('breaks off a record whose quotes could be meant in two ways, and goes on with the next line', () => {
    const records = recordsOf(['a,b\n1,"x, "y" z",2\n3,4\n"5,6\n7,"8"\n9,0\n']);
    expect(records.map(({ line, brokenField }) => [line, brokenField])).toEqual([
      [1, undefined],
      [2, 2],
      [3, undefined],
      [4, 1],
      [6, undefined],
    ]);
    expect(records.at(-1)?.fields).toEqual(['9', '0']);
  });

  it('knows where records and fields begin, beyond lines within quotes', () => {
    const records = recordsOf(['a,b\r', '\n"1\r', '\n2",x,y\n', '\nz']);
    expect(records.map(({ line, columns }) => [line, columns])).toEqual([
      [1, [1, 3]],
      [2, [1, 4, 6]],
      [4, [1]],
      [5, [1]],
    ]);
  });

  it('says where a quote is opened that is not closed', () => {
    expect(() => recordsOf(['a,b\n1,2\n3,"4\n5,6\n'])).toThrow(UnclosedQuote);
    try {
      recordsOf(['a,b\n1,2\n3,"4\n5,6\n']);
    } catch (error) {
      expect(error).toMatchObject({ line: 3, field: 2 });
    }
  });
});
