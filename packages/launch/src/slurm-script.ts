import type { Resources } from './executor.ts';
import { exportsOf, shellWord, shellWords } from './shell.ts';

/** What of a job only Slurm knows. */
export interface SlurmOptions {
  readonly partition?: string | undefined;
  /** Further options of sbatch, without their hyphens: `account=lab`, `gres=gpu:1`. */
  readonly sbatch?: readonly string[] | undefined;
}

/** Seconds before its time is over at which a task is told to save. */
const SPARE_SECONDS = 120;

/** A job array: how many tasks it has, and where they write. */
export interface JobArray extends Resources {
  readonly id: string;
  readonly tasks: number;
  readonly atOnce: number;
  /** Folder for a log of each. */
  readonly folder: string;
  /** Whether it is there for all of them. */
  readonly isShared: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A job array as sbatch reads it. A task that is told that its time is nearly over saves, leaves, and has itself put in the queue
 * again; one that is preempted or whose node fails is put there by Slurm.
 * @param run how the shell calls what a task does; it may use SLURM_ARRAY_TASK_ID
 */
export function slurmScript(
  { id, tasks, atOnce, folder, isShared, env, cpus, memoryMib, minutes }: JobArray,
  { partition, sbatch = [] }: SlurmOptions,
  run: string,
): string {
  const options = [
    `job-name=${id}`,
    `array=0-${tasks - 1}%${atOnce}`,
    isShared ? `output="${folder}/%a.log"` : 'output=/dev/null',
    'open-mode=append',
    'requeue',
    `signal=B:USR1@${SPARE_SECONDS}`,
    'ntasks=1',
    ...(cpus === undefined ? [] : [`cpus-per-task=${cpus}`]),
    ...(memoryMib === undefined ? [] : [`mem=${memoryMib}M`]),
    ...(minutes === undefined ? [] : [`time=${minutes}`]),
    ...(partition === undefined ? [] : [`partition=${partition}`]),
    ...sbatch,
  ];
  return `#!/bin/bash
${options.map((option) => `#SBATCH --${option}`).join('\n')}
${[...exportsOf(env), ...(isShared ? [] : [ownLog(folder)])].join('\n')}
late=''
${run} &
child=$!
trap 'late=1; kill -USR1 $child' USR1
trap 'kill -TERM $child' TERM
# A signal ends a wait: what the child came to is known when it is gone.
while kill -0 $child 2>/dev/null; do wait $child; done
wait $child
code=$?
if [ $code = 75 ] && [ -n "$late" ]; then scontrol requeue "$SLURM_JOB_ID"; fi
exit $code
`;
}

/** Slurm begins nothing that it cannot write a log of: where the folder is not there for it the task makes it, if it may. */
const ownLog = (folder: string): string =>
  `mkdir -p ${shellWord(folder)} && exec >>${shellWord(folder)}/"$SLURM_ARRAY_TASK_ID.log" 2>&1`;

/** How the shell calls a command with the item of the task behind it. */
export const ofItems = (command: readonly string[], items: readonly string[]): string =>
  `items=(${shellWords(items)})
${shellWords(command)} "\${items[$SLURM_ARRAY_TASK_ID]}"`;
