/**
 * Write a function. What such a recipe measures is whether the answer runs: the small model, which has read nothing but
 * stories, learns in seconds what a function looks like (`editSimilarity`), and none that would pass its tests. A model that
 * has read code is another matter; the numbers to watch are the same.
 *
 *     node examples/code.ts
 */
import { fineTune, generate } from '@counterweight/core';
import { code } from '@counterweight/recipe-code';
import { model, newFolder, printBeforeAndAfter, sampleRows } from './workspace.ts';

// Programs run in a sandbox of the system's (bubblewrap). With `passAt: []` none is run, and none is needed: answers are
// only compiled. `passAt: [1]`, the default, runs the tests that each row brings.
const recipe = code({ task: 'write-a-function', passAt: [] });
// The small model reads 512 tokens at most.
const rows = (await sampleRows('recipe-code/fixtures/functions.jsonl')).filter(
  ({ description, start, solution }) => `${description}${start}${solution}`.length < 260,
);
const [data, evalData] = [rows.slice(6), rows.slice(0, 6)];

const { run, ...result } = await fineTune({
  ...{ recipe, model, data, evalData, output: await newFolder() },
  training: { method: 'full', learningRate: 3e-3, epochs: 6, batchSize: 4 },
});
printBeforeAndAfter(result);

const [row] = evalData;
const [written] = await generate({ recipe, model: `${run}/model`, rows: evalData.slice(0, 1) });
console.log(`\n${row?.description}\n\nwritten:\n${written}\n\nright:\n${row?.solution}`);
