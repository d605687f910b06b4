import { join, resolve } from 'node:path';
import { failTrial, type PlannedTrial, type Trial } from '@counterweight/core';
import { UserError } from '@counterweight/core/files';
import { takeFolderLease } from './folder-lease.ts';
import type { LaunchRecord } from './launch-record.ts';
import type { Lease, Lost, Taken } from './lease.ts';

/** A sweep as a launcher sees it, wherever it lies: in a folder that all machines see, or in object storage. */
export interface LaunchedSweep {
  /** As it is called: an absolute path, or `s3://bucket/key`. */
  readonly name: string;
  /** Its folder on this machine: what a sweep's functions take. */
  readonly folder: string;
  /** Whether the machines that do its trials see that folder too. */
  readonly isShared: boolean;
  /** Seconds between two looks at it that trouble nobody. */
  readonly lookSeconds: number;
  /** What a worker is started with for a trial. */
  itemOf(planned: PlannedTrial): string;
  /**
   * Brings into the folder what its trials have come to so far.
   * @returns whether what a trial came to is where everybody finds it
   */
  pull(): Promise<(trial: Pick<Trial, 'id'>) => boolean>;
  /** Says of a trial that it failed, where everybody finds it. */
  fail(trial: Pick<Trial, 'id'>, message: string): Promise<void>;
  /** What is written down of its launches. */
  takeLaunches(): Promise<Lease<LaunchRecord> | Taken>;
}

/** Where the record of launches is, below the sweep. */
export const LAUNCHES = 'launch/launches.json';

export function sweepInFolder(sweep: string): LaunchedSweep {
  const folder = resolve(sweep);
  return {
    name: folder,
    folder,
    isShared: true,
    lookSeconds: 0,
    itemOf: ({ file }) => file,
    pull: async () => () => true,
    fail: (trial, message) => failTrial(folder, trial, message),
    takeLaunches: () => takeFolderLease<LaunchRecord>(join(folder, LAUNCHES), lostLaunches),
  };
}

export const lostLaunches: Lost = (where) =>
  new UserError({
    code: 'output-in-use',
    problem: 'Another launcher has taken this sweep over, because this one was silent for too long.',
    where,
    fix: 'Leave it to the other one: what is submitted runs on.',
  });
