import * as core from '@counterweight/core';

/** What the commands need of core. Handed to them, so that a test can hand them less. */
export type Core = Pick<
  typeof core,
  | 'fineTune'
  | 'evaluate'
  | 'generate'
  | 'preview'
  | 'exportModel'
  | 'checkGguf'
  | 'assertLlamaServer'
  | 'pushToHub'
  | 'writeModelCard'
  | 'useThreads'
  | 'openWorkers'
  | 'score'
  | 'verify'
  | 'holdModels'
  | 'modelOfRun'
  | 'verifyRun'
  | 'planSweep'
  | 'assertSweepFits'
  | 'workSweep'
  | 'workTrial'
  | 'planTrials'
  | 'readPlannedTrial'
  | 'reportSweep'
  | 'reportRuns'
  | 'readSweep'
  | 'readRows'
  | 'openEngine'
  | 'surveyEngines'
  | 'measureProducts'
  | 'whatFits'
  | 'describeMachine'
  | 'describeInstallation'
  | 'installEngine'
  | 'listKeptFiles'
  | 'removeKeptFiles'
>;

export const theCore: Core = core;
