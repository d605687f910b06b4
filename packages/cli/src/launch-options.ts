import { availableParallelism } from 'node:os';
import { type Executor, kubernetes, local, type Resources, ray, slurm } from '@counterweight/launch';
import { z } from 'zod';
import { optionError } from './option-error.ts';

/** Where trials run, and what of: shared by what submits them and what writes a manifest. */

const text = (description: string, placeholder: string) =>
  z.string().min(1).optional().describe(description).meta({ placeholder });

/** What an executor is told. */
const placeOptions = {
  partition: text('slurm: where to run', 'name'),
  sbatch: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().min(1)))
    .optional()
    .describe('slurm: further options of sbatch, without their hyphens: account=lab gres=gpu:1')
    .meta({ placeholder: 'option=value', variadic: true }),
  image: text('kubernetes: container image with the command line', 'image'),
  claim: text(
    'kubernetes: volume claim with sweep, model and rows, and where it is mounted, here as there; a sweep in s3:// needs none',
    'claim:path',
  ),
  secret: text('kubernetes: secret whose entries become environment variables: the keys to object storage', 'name'),
  queue: text("kubernetes: Kueue's local queue", 'name'),
  namespace: text('kubernetes: namespace', 'name'),
};

/** What a trial is given. */
export const jobOptions = {
  maxJobs: z
    .int()
    .positive()
    .optional()
    .describe('trials at the same time, at most (default: 16; local: a half of the processors)'),
  cpus: z.int().positive().optional().describe('processors of each trial'),
  memory: z
    .string()
    .regex(/^\d+[MG]$/, 'write 512M or 8G')
    .optional()
    .describe('memory of each trial: 512M, 8G')
    .meta({ placeholder: 'size' }),
  timeLimit: z
    .int()
    .positive()
    .optional()
    .describe('minutes of each trial; one that needs more goes on in another turn'),
  program: text(
    'the command line as it is called there (default: this one; kubernetes and skypilot: counterweight)',
    'command',
  ),
  ...placeOptions,
};

export const executorOptions = {
  ...placeOptions,
  rayAddress: text(
    "ray: the dashboard's address (default: RAY_API_SERVER_ADDRESS, else http://127.0.0.1:8265); its token is RAY_AUTH_TOKEN",
    'url',
  ),
};

export const launchers = ['local', 'slurm', 'ray', 'kubernetes'] as const;

const executorSchema = z.object(executorOptions);
const jobSchema = z.object(jobOptions);
type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {UserError} `option-invalid` where an option is missing */
export function openExecutor(
  launcher: (typeof launchers)[number],
  { partition, sbatch, rayAddress, ...others }: z.output<typeof executorSchema>,
  {
    env,
    isStored,
    access,
  }: {
    readonly env: Environment;
    readonly isStored: boolean;
    /** What tasks need to reach object storage. */
    readonly access?: Readonly<Record<string, string>> | undefined;
  },
): Executor {
  switch (launcher) {
    case 'local':
      return local();
    case 'slurm':
      return slurm({ partition, sbatch });
    case 'ray': {
      const address = rayAddress ?? env.RAY_API_SERVER_ADDRESS ?? 'http://127.0.0.1:8265';
      // With the others tasks have the environment of who submits them, or a secret.
      return ray({ address, token: env.RAY_AUTH_TOKEN, env: access });
    }
    case 'kubernetes':
      return kubernetes(kubernetesOptions(others, isStored));
  }
}

/** @throws {UserError} `option-invalid` */
export function kubernetesOptions(
  {
    image,
    claim,
    ...others
  }: Pick<z.output<typeof executorSchema>, 'image' | 'claim' | 'secret' | 'queue' | 'namespace'>,
  isStored: boolean,
) {
  if (image === undefined)
    throw optionError('--image is missing', '--launch kubernetes', 'Name a container image that has counterweight.');
  if (claim === undefined && isStored) return { image, ...others };
  if (claim === undefined || !/^[^:]+:\/./.test(claim)) {
    throw optionError(
      '--claim names no volume and where it is mounted',
      '--launch kubernetes',
      'Write --claim NAME:/PATH.',
    );
  }
  return { image, claim, ...others };
}

/** Machines that see nothing of this one but the sweep. */
const hasOwnImage = (system: string): boolean => ['kubernetes', 'skypilot'].includes(system);

/** What each trial gets, how many run at once, and how the command line is called there. */
export function jobOf(
  system: string,
  { maxJobs, cpus, memory, timeLimit, program }: z.output<typeof jobSchema>,
): Resources & { readonly atOnce: number; readonly env: Record<string, string>; readonly program: string[] } {
  const own = [process.execPath, ...process.execArgv, process.argv[1] as string];
  const isHere = system === 'local';
  const atOnce = maxJobs ?? (isHere ? Math.max(1, Math.floor(availableParallelism() / 2)) : 16);
  const threads = cpus ?? (isHere ? Math.max(1, Math.floor(availableParallelism() / atOnce)) : undefined);
  return {
    atOnce,
    cpus,
    memoryMib: memory === undefined ? undefined : Number.parseInt(memory, 10) * (memory.endsWith('G') ? 1024 : 1),
    minutes: timeLimit,
    env: threads === undefined ? {} : { COUNTERWEIGHT_THREADS: String(threads) },
    program: program?.split(' ') ?? (hasOwnImage(system) ? ['counterweight'] : own),
  };
}
