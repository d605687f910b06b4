/**
 * Puts `results.json` and the recipes' defaults into their READMEs, between the marks `<!-- weights -->` or `<!-- measured -->`
 * and `<!-- end -->`:
 *
 *     node experiments/recipes/write-tables.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readmes, written } from './tables.ts';

for (const [recipe, file] of readmes) writeFileSync(file, written(recipe, readFileSync(file, 'utf8')));
