/**
 * The recipe without any training: what a list of names is worth, beside the baselines.
 *
 *     node packages/recipe-retail/examples/measure-outputs.ts
 */
import { readFileSync } from 'node:fs';
import { createCatalogue, readRecommendations, retail, scoreBaselines } from '@counterweight/recipe-retail';

const read = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const rowsOf = (name: string): { history: string[]; next: string[] }[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const catalogue: { name: string; sold: number }[] = JSON.parse(read('completejourney-catalogue.json'));
const training = rowsOf('next-items-train.jsonl');
const heldOut = rowsOf('next-items-eval.jsonl');

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
