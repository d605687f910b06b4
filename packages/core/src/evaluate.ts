import { evaluateDecoder } from './evaluation/evaluate-decoder.ts';
import type { Evaluation } from './evaluation/evaluation.ts';
import { assertMeasurable, checkSamples, type Samples } from './evaluation/measure-metrics.ts';
import { openModel, openTask, readEvaluationSet, type TaskOptions } from './task/open-task.ts';

export interface EvaluateOptions<Row> extends TaskOptions<Row> {
  /** Folder or hub id of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  readonly data: string | readonly string[];
  /** How the outputs that the metrics see are generated. Default: one a row, greedily. */
  readonly sampling?: Samples | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** The loss of a model on rows, and the recipe's metrics on what it generates for them. */
export async function evaluate<Row>(options: EvaluateOptions<Row>): Promise<Evaluation> {
  checkSamples(options.sampling);
  const task = await openTask(options);
  const set = await readEvaluationSet(task, options.data);
  await assertMeasurable(task.recipe.metrics);
  const { decoder, dispose } = await openModel(task, options);
  try {
    return await evaluateDecoder(decoder, set, { ...task, sampling: options.sampling, onProgress: options.onProgress });
  } finally {
    dispose();
  }
}
