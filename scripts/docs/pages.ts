import { commandTable } from './command-page.ts';
import { errorTables } from './error-page.ts';
import { familyTable } from './family-page.ts';
import { importTables } from './import-page.ts';
import { metricTables } from './metric-page.ts';
import { optionInterfaces } from './option-interface.ts';
import { optionTables } from './option-page.ts';
import { recipeInterfaces } from './recipe-interfaces.ts';
import { shapeTable } from './shape-page.ts';
import { speedInShort, speedTable } from './speed-page.ts';
import { tenMinutes } from './ten-minutes.ts';

/** The pages whose tables are made from the code or from what was measured: everything between their marks, in order. */
export const pages: Readonly<Record<string, () => string | readonly string[]>> = {
  'README.md': () => [tenMinutes(), speedInShort()],
  'docs/getting-started.md': tenMinutes,
  'docs/bring-your-model.md': familyTable,
  'docs/speed-and-memory.md': speedTable,
  'docs/when-something-goes-wrong.md': errorTables,
  'docs/options.md': optionTables,
  'docs/metrics.md': metricTables,
  'docs/rows-and-chat.md': shapeTable,
  'docs/coming-from.md': importTables,
  'packages/cli/README.md': commandTable,
};

/** Sources that are made from the code, whole. */
export const sources: Readonly<Record<string, () => string>> = {
  'packages/core/src/training/options-input.ts': optionInterfaces,
  ...recipeInterfaces,
};

export const fileOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);

const MARKED = /(<!-- from the code -->\n)[\s\S]*?(<!-- end -->)/g;

/** A page with what the code says now: a text for each of its places. */
export function written(text: string, made: string | readonly string[]): string {
  const tables = [made].flat();
  if (text.match(MARKED)?.length !== tables.length) {
    throw new Error(`The page has not ${tables.length} of these marks: <!-- from the code --> and <!-- end -->`);
  }
  let next = 0;
  return text.replace(MARKED, (_, start: string, end: string) => `${start}\n${tables[next++]}\n\n${end}`);
}
