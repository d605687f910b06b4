/**
 * Writes into every package what is derived from the repository's package.json, and makes the links of its README
 * absolute: `pnpm metadata`. `metadata.test.ts` holds them to it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { described, publicPackages, root } from './metadata.ts';

for (const folder of publicPackages()) {
  for (const [name, text] of Object.entries(described(folder))) writeFileSync(join(root, folder, name), text);
}
