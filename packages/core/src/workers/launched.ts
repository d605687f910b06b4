/** What started this process as one of several workers. */
export interface Launch {
  /** `mpirun`, `srun`. */
  readonly by: string;
  readonly rank: number;
}

/** The environment of a process that a launcher started, by the variable that holds its rank; the first one counts. */
const LAUNCHERS = [
  ['mpirun', 'OMPI_COMM_WORLD_RANK'],
  ['srun', 'PMIX_RANK'],
  ['srun', 'PMI_RANK'],
  ['srun', 'SLURM_PROCID'],
] as const;

/**
 * Undefined for a process that was started by itself.
 * @example
 * ```ts
 * import { launchedBy } from '@counterweight/core';
 *
 * const { rank = 0 } = launchedBy(process.env) ?? {};
 * ```
 */
export function launchedBy(env: Readonly<Record<string, string | undefined>>): Launch | undefined {
  const [by, variable] = LAUNCHERS.find(([, name]) => /^\d+$/.test(env[name] ?? '')) ?? [];
  return by && variable ? { by, rank: Number(env[variable]) } : undefined;
}
