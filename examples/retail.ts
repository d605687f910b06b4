/**
 * What does this shopper buy next? Real till receipts; the answer is a list of names out of a catalogue, and no other name
 * can be written. Beside the model stand lists that need none: in groceries they are hard to beat, and a model that has seen
 * sixty shoppers does not.
 *
 *     node examples/retail.ts
 */
import { fineTune, generate } from '@counterweight/core';
import { type RetailRow, retail, scoreBaselines } from '@counterweight/recipe-retail';
import config from '../packages/recipe-retail/fixtures/next-items.config.ts';
import { model, newFolder, printBeforeAndAfter, sampleRows } from './workspace.ts';

const recipe = retail({ ...config.recipeOptions, rank: 'generate', constrain: true });
const data = await sampleRows('recipe-retail/fixtures/next-items-train.jsonl');
const evalData = await sampleRows('recipe-retail/fixtures/next-items-eval.jsonl', 8);

const { run, ...result } = await fineTune<RetailRow>({
  ...{ recipe, model, data, evalData, output: await newFolder() },
  training: { method: 'full', learningRate: 3e-3, epochs: 3, batchSize: 4 },
});
printBeforeAndAfter(result);

const baselines = await scoreBaselines(recipe, { training: data, heldOut: evalData, length: 5 });
for (const [name, { ndcgAt5 }] of Object.entries(baselines)) console.log(`ndcgAt5 of ${name}: ${ndcgAt5?.toFixed(3)}`);

const history = ['fluid milk products', 'eggs', 'fluid milk products', 'baked bread/buns/rolls'];
const [list = ''] = await generate({ recipe, model: `${run}/model`, rows: [{ history }] });
console.log(`\nWho bought ${history.join(', ')}, buys next:\n${list}`);
