/**
 * Name a customer's problem. Real questions to a bank, of six kinds; the small model trains every weight on them, and is
 * asked about questions that it has not seen.
 *
 *     node examples/support.ts
 */
import { fineTune, generate, preview } from '@counterweight/core';
import { support } from '@counterweight/recipe-support';
import { model, newFolder, printBeforeAndAfter, sampleRows } from './workspace.ts';

const kinds = [
  'card arrival',
  'age limit',
  'change pin',
  'exchange rate',
  'top up failed',
  'transaction charged twice',
];
const ofKinds = async (file: string) =>
  (await sampleRows(`recipe-support/fixtures/${file}`)).filter(({ problem }) => kinds.includes(problem as string));
const [data, evalData] = [await ofKinds('banking77-train.csv'), await ofKinds('banking77-eval.csv')];

const recipe = support();
// What the model is shown: the prompt's tokens weigh 0.1 in the loss, the answer's 1.
const { examples } = await preview({ recipe, model, data, rows: 1 });
console.log(examples[0]?.text);

const { run, ...result } = await fineTune({
  ...{ recipe, model, data, evalData, output: await newFolder() },
  training: { method: 'full', learningRate: 4e-3, epochs: 5, batchSize: 16 },
});
printBeforeAndAfter(result);

const questions = ['Has my new card been sent yet? It is not here.', 'Why was the same payment taken twice?'];
const rows = questions.map((message) => ({ message }));
const answers = await generate({ recipe, model: `${run}/model`, rows });
for (const [i, answer] of answers.entries()) console.log(`${questions[i]} → ${answer}`);
