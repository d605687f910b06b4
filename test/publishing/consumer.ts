/** A user's program: what it names must be there, with these types. Compiled and run against the packed packages. */
import { type FineTuneOptions, fineTune, openEngine, preview, UserError } from '@counterweight/core';
import { meanOf, plain, type Recipe } from '@counterweight/core/recipe';
import { recipeConformance } from '@counterweight/core/testing';
import { support } from '@counterweight/recipe-support';

for (const published of [fineTune, preview, UserError, support]) {
  if (typeof published !== 'function') throw new Error('an export is missing');
}

type RowOf<R> = R extends Recipe<infer Row> ? Row : never;
type Row = RowOf<ReturnType<typeof plain>>;
const words = meanOf<Row>({
  name: 'words',
  direction: 'higher-is-better',
  definition: 'Words in the answer.',
  score: (_row, text) => text.split(/\s+/).filter(Boolean).length,
});
const recipe: FineTuneOptions<Row>['recipe'] = { ...plain(), metrics: [words] };
const rows = [
  { prompt: 'Where is my card?', completion: 'card arrival' },
  { prompt: 'It was refused.', completion: 'card declined' },
];
for (const check of recipeConformance({ recipe, rows })) await check.run();

const engine = await openEngine('wasm');
if (engine.name !== 'wasm') throw new Error(`openEngine('wasm') opened ${engine.name}`);
