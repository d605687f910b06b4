import { resolve } from 'node:path';
import { mlflow, type Tracker, tensorboard, wandb } from '@counterweight/core';
import type { Options } from './describe-training.ts';
import { optionError } from './option-error.ts';

/** The trackers that were asked for. @throws {UserError} for what can be known to be wrong before the training */
export function openTrackers(
  { tensorboard: folder, mlflow: uri, mlflowExperiment: experiment, wandb: project }: Options,
  cwd: string,
): Tracker[] {
  if (experiment !== undefined && uri === undefined) {
    throw optionError('An experiment is one of a server', '--mlflow-experiment', 'Give --mlflow as well.');
  }
  return [
    ...(folder === undefined ? [] : [tensorboard({ folder: folder === true ? undefined : resolve(cwd, folder) })]),
    ...(uri === undefined ? [] : [mlflow({ uri, experiment })]),
    ...(project === undefined ? [] : [wandb({ project })]),
  ];
}
