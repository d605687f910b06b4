import { basename, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { isObjectUrl } from './bucket.ts';
import type { Resources } from './executor.ts';
import { indexedJob, type KubernetesOptions } from './indexed-job.ts';
import { shellWord, shellWords } from './shell.ts';
import { type SlurmOptions, slurmScript } from './slurm-script.ts';

export const MANIFEST_SYSTEMS = ['slurm', 'kubernetes', 'skypilot', 'ray'] as const;
export type ManifestSystem = (typeof MANIFEST_SYSTEMS)[number];

export interface ManifestOptions extends Resources {
  readonly sweep: string;
  /** How many trials it has. */
  readonly trials: number;
  /** The command line as it is called there: `counterweight`. */
  readonly program: readonly string[];
  /** Trials at the same time, at most. */
  readonly atOnce: number;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly slurm?: SlurmOptions | undefined;
  readonly kubernetes?: KubernetesOptions | undefined;
}

/**
 * What to submit by hand, with nothing of ours at work but `sweep work`. Where tasks are numbered each does the trial of its
 * number; elsewhere as many processes as there may be do whatever is free until nothing is left. Logs go into the folder
 * `logs` of the sweep, which has to be there; of one in object storage to where the tasks run.
 * @example
 * ```ts
 * import { sweepManifest } from '@counterweight/launch';
 *
 * const options = { sweep: '/shared/sweeps/first', trials: 36, program: ['npx', 'counterweight'], atOnce: 12 };
 * console.log(sweepManifest('slurm', options)); // #!/bin/bash …
 * ```
 */
export function sweepManifest(system: ManifestSystem, options: ManifestOptions): string {
  const { trials, program, env = {}, cpus, memoryMib } = options;
  const sweep = isObjectUrl(options.sweep) ? options.sweep : resolve(options.sweep);
  const atOnce = Math.min(options.atOnce, trials);
  const id = `counterweight-${basename(sweep)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')}`
    .slice(0, 50)
    .replace(/-$/, '');
  const array = { ...options, id, tasks: trials, atOnce, ...logsOf(sweep), env };
  const whatIsFree = shellWords([...program, 'sweep', 'work', sweep]);
  const oneTrial = `${whatIsFree} --index-from-env`;
  switch (system) {
    case 'slurm':
      return slurmScript(array, options.slurm ?? {}, oneTrial);
    case 'kubernetes':
      return yaml(indexedJob(array, options.kubernetes ?? placeholders(sweep), `exec ${oneTrial}`));
    case 'skypilot':
      return yaml({
        name: id,
        num_nodes: atOnce,
        resources: {
          ...(cpus !== undefined && { cpus: `${cpus}+` }),
          ...(memoryMib !== undefined && { memory: `${Math.ceil(memoryMib / 1024)}+` }),
        },
        envs: env,
        run: `${whatIsFree}\n`,
      });
    case 'ray':
      return `#!/bin/bash
# Run this where \`ray\` reaches the cluster. Asked for again it adds what is not there.
for number in $(seq ${atOnce}); do
  ray job submit --no-wait --submission-id ${shellWord(id)}-$number --entrypoint-num-cpus ${cpus ?? 1} \\
    --runtime-env-json ${shellWord(JSON.stringify({ env_vars: env }))} -- ${whatIsFree}
done
`;
  }
}

/** Lines as long as they are: a command that is folded reads like several. */
const yaml = (value: object): string => stringify(value, { lineWidth: 0 });

const logsOf = (sweep: string) =>
  isObjectUrl(sweep) ? { folder: 'logs', isShared: false } : { folder: join(sweep, 'logs'), isShared: true };

const placeholders = (sweep: string): KubernetesOptions =>
  isObjectUrl(sweep) ? { image: 'IMAGE', secret: 'SECRET' } : { image: 'IMAGE', claim: 'CLAIM:/PATH' };
