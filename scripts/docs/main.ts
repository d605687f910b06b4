/**
 * Writes the tables of pages that are made from the code, between the marks of each page:
 *
 *     pnpm docs:tables
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileOf, pages, written } from './pages.ts';

for (const [page, tables] of Object.entries(pages)) {
  const file = fileOf(page);
  writeFileSync(file, written(readFileSync(file, 'utf8'), tables()));
}
