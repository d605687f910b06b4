/**
 * What a tutor says next: feedback on a student's work, by tutors of schools. Forty conversations are enough to learn the
 * tone, and that a tutor asks; what the student has misunderstood is beyond the small model.
 *
 *     node examples/education.ts
 */
import { fineTune, generate } from '@counterweight/core';
import { education, type FeedbackRow } from '@counterweight/recipe-education';
import { model, newFolder, printBeforeAndAfter, sampleRows } from './workspace.ts';

const recipe = education({ task: 'feedback' });
const data = await sampleRows('recipe-education/fixtures/bridge-train.jsonl', 40);
const evalData = await sampleRows('recipe-education/fixtures/bridge-eval.jsonl', 6);

const { run, ...result } = await fineTune<FeedbackRow>({
  ...{ recipe, model, data, evalData, output: await newFolder() },
  training: { method: 'full', learningRate: 3e-3, epochs: 4, batchSize: 4, promptLossWeight: 0.01 },
});
printBeforeAndAfter(result);

const work = [
  { who: 'tutor', text: 'What is the product of 26 and 6?' },
  { who: 'student', text: '4' },
];
const [said] = await generate({ recipe, model: `${run}/model`, rows: [{ topic: 'Multiplication', work }] });
for (const { who, text } of work) console.log(`${who}: ${text}`);
console.log(`tutor, says the model: ${said}`);
