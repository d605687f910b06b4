import { type CsvRecord, csvSplitter } from './csv-records.ts';
import { malformed } from './malformed.ts';

const delimiters = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;

/** Rows that are looked at. */
const LOOKED_AT = 50;

/**
 * What separates the columns of a text: what its first line names (`sep=;`, as Excel reads it), or what divides the header
 * and rows alike. A delimiter that only stands in the header, as part of a name, divides nothing.
 * @param head the beginning of the text
 * @param isWhole whether that is all of it
 * @param usual what the name of the file promises: taken where nothing divides the header
 * @throws {UserError} `file-malformed` where two do
 */
export function detectDelimiter(
  head: string,
  { isWhole, usual, path }: { readonly isWhole: boolean; readonly usual: string; readonly path: string },
): string {
  const [best, second] = Object.keys(delimiters)
    .map((delimiter) => ({ delimiter, fit: fitOf(recordsIn(head, delimiter, isWhole)) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || Number(b.delimiter === usual) - Number(a.delimiter === usual));
  if (best === undefined) return usual;
  // A .tsv says what it is; a .csv has semicolons wherever commas are in numbers.
  if (second?.fit !== best.fit || (best.delimiter === '\t' && usual === '\t')) return best.delimiter;
  const names = [best, second].map(({ delimiter }) => delimiterInWords(delimiter));
  throw malformed(
    `${path}, header`,
    `The columns may be separated by ${names.join(' or by ')}: both divide the header and the rows.`,
    `Write which it is in a line before the header: sep=${best.delimiter === '\t' ? ' and a tab' : best.delimiter}`,
  );
}

export const delimiterInWords = (delimiter: string): string =>
  Object.entries(delimiters).find(([one]) => one === delimiter)?.[1] ?? JSON.stringify(delimiter);

/**
 * How many of the rows are divided like the header, as a share; those that are divided otherwise count a little. 1 without
 * rows, 0 where the header is not divided.
 */
function fitOf([header, ...rows]: readonly CsvRecord[]): number {
  const count = header?.fields.length ?? 0;
  if (count < 2) return 0;
  if (rows.length === 0) return 1;
  const fits = rows.map(({ fields }) => (fields.length === count ? 1 : fields.length > 1 ? 0.01 : 0));
  return fits.reduce<number>((sum, fit) => sum + fit, 0) / rows.length;
}

function recordsIn(head: string, delimiter: string, isWhole: boolean): CsvRecord[] {
  const splitter = csvSplitter(delimiter);
  const records = splitter.push(head);
  try {
    if (isWhole) records.push(...splitter.end());
  } catch {
    // A quote that is not closed is told of by who reads the rows.
  }
  return records.filter(({ fields }) => fields.some((field) => field.trim() !== '')).slice(0, LOOKED_AT + 1);
}
