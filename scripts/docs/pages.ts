import { errorTables } from './error-page.ts';
import { importTables } from './import-page.ts';
import { metricTables } from './metric-page.ts';
import { optionTables } from './option-page.ts';
import { tenMinutes } from './ten-minutes.ts';

/** The pages, as docs/ sees them, whose tables are made from the code: everything between their marks. */
export const pages: Readonly<Record<string, () => string>> = {
  'when-something-goes-wrong.md': errorTables,
  'options.md': optionTables,
  'metrics.md': metricTables,
  'coming-from.md': importTables,
  '../README.md': tenMinutes,
};

export const fileOf = (page: string): URL => new URL(`../../docs/${page}`, import.meta.url);

const MARKED = /(<!-- from the code -->\n)[\s\S]*?(<!-- end -->)/;

/** A page with what the code says now. */
export function written(text: string, tables: string): string {
  if (!MARKED.test(text)) throw new Error('The page has no marks: <!-- from the code --> and <!-- end -->');
  return text.replace(MARKED, (_, start: string, end: string) => `${start}\n${tables}\n\n${end}`);
}
