/**
 * What the command line has to know beside the model and the rows:
 *
 *     npx counterweight train --config examples/next-items.config.ts --model MODEL_FOLDER \
 *       --data fixtures/next-items-train.jsonl --output runs/retail
 */
import { readFileSync } from 'node:fs';
import type { RetailOptionsInput } from '@counterweight/recipe-retail';

const file = new URL('../fixtures/completejourney-catalogue.json', import.meta.url);
const recipeOptions: RetailOptionsInput = {
  task: 'next-items',
  catalogue: JSON.parse(readFileSync(file, 'utf8')),
};

export default { recipe: 'retail', recipeOptions };
