/**
 * Writes what is made from the code: tables of docs/, between the marks of each page, and sources:
 *
 *     pnpm docs:tables
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileOf, pages, sourceOf, sources, written } from './pages.ts';

for (const [page, tables] of Object.entries(pages)) {
  const file = fileOf(page);
  writeFileSync(file, written(readFileSync(file, 'utf8'), tables()));
}
for (const [path, source] of Object.entries(sources)) writeFileSync(sourceOf(path), source());
