import { z } from 'zod';
import { baseLanguage, isWrittenWithoutSpaces, languageSchema } from './languages.ts';

/** Terms of the source language, each with the words that the translation is to use. */
export type Glossary = Readonly<Record<string, string>>;

const term = z.string().trim().min(1);

/** An object, or in a cell of a CSV file `Rechnung = invoice; Mahnung = payment reminder`. */
export const glossarySchema = z.preprocess(
  (value) => (typeof value === 'string' ? fromCell(value) : value),
  z.record(term, term).default({}),
);

/** Terms that every row from one language into another is to use, as far as its source has them. */
export const termBaseSchema = z.array(
  z.strictObject({ from: languageSchema, to: languageSchema, terms: z.record(term, term) }),
);
export type TermBase = z.output<typeof termBaseSchema>;

function fromCell(cell: string): unknown {
  const entries = cell.split(/[;\n]/).filter((entry) => entry.trim() !== '');
  const pairs = entries.map((entry) => entry.split('=').map((side) => side.trim()));
  return pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : cell;
}

/** The entries of a term base that a source text has, in the order in which they stand there. */
export function termsFor(
  termBase: TermBase,
  { source, from, to }: { readonly source: string; readonly from: string | undefined; readonly to: string },
): Glossary {
  if (from === undefined) return {};
  const own = termBase.filter((entry) => isSameLanguage(entry.from, from) && isSameLanguage(entry.to, to));
  return Object.fromEntries(
    own.flatMap(({ terms }) => Object.entries(terms)).filter(([word]) => containsTerm(source, word, from)),
  );
}

/** A term base for `de` is good for `de-AT`; one for `de-AT` is not for `de`. */
const isSameLanguage = (entry: string, row: string) => entry === row || entry === baseLanguage(row);

/**
 * Whether a text has a term: in any case, from the beginning of a word, and with any ending, since many languages
 * inflect ("Rechnung" is in "Rechnungen"). In languages without spaces between words, anywhere.
 */
export function containsTerm(text: string, word: string, language: string): boolean {
  const escaped = word
    .normalize('NFC')
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
  const beginning = isWrittenWithoutSpaces(language) ? '' : '(?<![\\p{L}\\p{M}\\p{N}])';
  return new RegExp(`${beginning}${escaped}`, 'iu').test(text.normalize('NFC'));
}

/** `Rechnung = invoice`, a text for each. */
export const glossaryTerms = (glossary: Glossary): string[] =>
  Object.entries(glossary).map(([word, translation]) => `${word} = ${translation}`);

/** `Use these terms: Rechnung = invoice; Mahnung = payment reminder.`, or nothing when there are none. */
export function glossaryLine(glossary: Glossary): string {
  const terms = glossaryTerms(glossary);
  return terms.length > 0 ? `\nUse these terms: ${terms.join('; ')}.` : '';
}
