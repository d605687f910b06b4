/** Puts what `simulate.ts` says of `constants.json` into docs/scaling.md: `node experiments/scaling/write-tables.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readConstants } from './constants.ts';
import { page, written } from './tables.ts';

writeFileSync(page, written(readFileSync(page, 'utf8'), readConstants()));
