/**
 * What the command line has to know beside the model and the rows:
 *
 *     npx counterweight train --config examples/retail.config.ts --model models/stories260k \
 *       --data packages/recipe-retail/fixtures/next-items-train.jsonl --output runs/retail
 */
import { readFileSync } from 'node:fs';
import type { CatalogueEntry } from '@counterweight/recipe-retail';
import { at } from './workspace.ts';

const file = at('packages/recipe-retail/fixtures/completejourney-catalogue.json');
const recipeOptions = {
  task: 'next-items' as const,
  catalogue: JSON.parse(readFileSync(file, 'utf8')) as CatalogueEntry[],
};

export default { recipe: 'retail', recipeOptions };
