/**
 * A few steps of training on feedback that tutors gave, from one end to the other:
 *
 *     node examples/train-a-tutor.ts MODEL_FOLDER RUN_FOLDER
 *
 * MODEL_FOLDER is a model of the Llama family; the repository's models/stories260k takes seconds.
 */
import { fileURLToPath } from 'node:url';
import { type Evaluation, type FineTuneOptions, fineTune } from '@counterweight/core';
import { education, type FeedbackRow } from '@counterweight/recipe-education';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.jsonl`, import.meta.url));

/** The evaluations before and after. */
export async function trainATutor(
  model: string,
  output: string,
  options: Partial<FineTuneOptions<FeedbackRow>> = {},
): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = [];
  await fineTune<FeedbackRow>({
    recipe: education({ task: 'feedback' }),
    model,
    data: fixture('bridge-train'),
    evalData: fixture('bridge-eval'),
    output,
    training: { method: 'full', learningRate: 3e-3, batchSize: 8, epochs: 1 },
    onEvent: (event) => {
      if (event.type === 'evaluation') evaluations.push(event.evaluation);
    },
    ...options,
  });
  return evaluations;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [model, output] = process.argv.slice(2);
  if (!model || !output) throw new Error('Give the folders of the model and of the run.');
  console.log(await trainATutor(model, output));
}
