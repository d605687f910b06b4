import { evaluateDecoder } from './evaluation/evaluate-decoder.ts';
import { openModel, openTask, readExamples, type TaskOptions } from './task.ts';
import type { Evaluation } from './training/events.ts';

export interface EvaluateOptions<Row> extends TaskOptions<Row> {
  /** Folder of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  readonly data: string | readonly string[];
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** The loss of a model on rows, and the recipe's metrics on what it generates for them. */
export async function evaluate<Row>(options: EvaluateOptions<Row>): Promise<Evaluation> {
  const task = await openTask(options);
  const set = await readExamples(task, options.data);
  const { decoder, dispose } = await openModel(task, options);
  try {
    return await evaluateDecoder(decoder, set, { ...task, onProgress: options.onProgress });
  } finally {
    dispose();
  }
}
