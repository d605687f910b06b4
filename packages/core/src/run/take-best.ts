import * as tf from '@tensorflow/tfjs-core';
import { bestCheckpoint } from '../checkpoint/checkpoints.ts';
import type { TrainableModel } from '../checkpoint/open-trainable-model.ts';
import { restoreTrainingState } from '../checkpoint/training-state.ts';
import { UserError } from '../errors.ts';
import type { PreparedRun } from './prepare-run.ts';
import { checkpointsIn } from './run-folder.ts';
import type { Trained } from './train-run.ts';

/** Puts the best state into the model, where that is wanted. @returns the step whose state the model has */
export async function takeBest<Row>(
  { options, folder, data, selection, task: { training } }: PreparedRun<Row>,
  { decoder }: TrainableModel,
  { steps, control: { best } }: Trained,
): Promise<number> {
  if (training.keep !== 'best') return steps;
  if (!best && data.heldOut) options.onEvent?.({ type: 'no-best', metric: selection.metric });
  if (!best || best.step === steps) return steps;
  const checkpoint = bestCheckpoint(checkpointsIn(folder.path));
  try {
    const { step, adam } = await restoreTrainingState(checkpoint, decoder.parameters, { lastStep: steps });
    tf.dispose([adam.mean, adam.variance]);
    return step;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    options.onEvent?.({ type: 'checkpoint-skipped', folder: checkpoint, message: error.problem });
    return steps;
  }
}
