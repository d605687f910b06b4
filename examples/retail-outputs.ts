/**
 * The recipe without any training: what a list of names is worth, beside the baselines.
 *
 *     node examples/retail-outputs.ts
 */
import { createCatalogue, readRecommendations, retail, scoreBaselines } from '@counterweight/recipe-retail';
import config from '../packages/recipe-retail/fixtures/next-items.config.ts';
import { sampleRows } from './workspace.ts';

const { catalogue } = config.recipeOptions;
const training = await sampleRows('recipe-retail/fixtures/next-items-train.jsonl');
const heldOut = await sampleRows('recipe-retail/fixtures/next-items-eval.jsonl');

// Any text will do, whatever wrote it. Misspellings are forgiven, inventions are counted.
const text = '1. Soft Drinks\n2. fluid milk product\n3. moon cheese\n4. soft drinks';
console.log(readRecommendations(text, createCatalogue(catalogue, 0.85)));

const recipe = retail({ catalogue });
const predictions = heldOut.map((row) => ({ row: recipe.parseRow(row), text }));
const own: Record<string, number> = {};
for (const metric of recipe.metrics) own[metric.name] = await metric.compute(predictions);
const baselines = await scoreBaselines(recipe, { training, heldOut, length: 5 });
for (const { name } of recipe.metrics) {
  const values = [own, baselines.popularity, baselines.coOccurrence, baselines.boughtBefore];
  console.log(name.padEnd(24), ...values.map((scores) => (scores[name] ?? Number.NaN).toFixed(3).padStart(8)));
}
