/**
 * Writes what is made from the code: the tables of pages, between the marks of each, and sources:
 *
 *     pnpm docs:tables
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileOf, pages, sources, written } from './pages.ts';

for (const [page, tables] of Object.entries(pages)) {
  const file = fileOf(page);
  writeFileSync(file, written(readFileSync(file, 'utf8'), tables()));
}
for (const [path, source] of Object.entries(sources)) writeFileSync(fileOf(path), source());
