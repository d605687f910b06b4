import { z } from 'zod';
import type { Executor, Job, TaskState } from './executor.ts';
import { indexedJob, type KubernetesOptions } from './indexed-job.ts';
import { runProgram } from './run-program.ts';
import { shellWords } from './shell.ts';

/**
 * Indexed Jobs of Kubernetes, through kubectl, which knows the cluster and who one is there.
 * @example
 * ```ts
 * import { kubernetes, launchSweep } from '@counterweight/launch';
 *
 * const executor = kubernetes({ image: 'registry.example/counterweight:1', claim: 'sweeps:/sweeps', queue: 'lab' });
 * const command = ['counterweight', 'worker'];
 * const { done } = await launchSweep({ sweep: '/sweeps/first', executor, command, atOnce: 64 });
 * ```
 */
export function kubernetes(options: KubernetesOptions): Executor {
  const { namespace } = options;
  const kubectl = (args: readonly string[], input?: string) =>
    runProgram('kubectl', [...args, ...(namespace === undefined ? [] : ['--namespace', namespace])], {
      isPassing: (errors) => PASSING.test(errors),
      ...(input !== undefined && { input }),
    });
  return {
    name: 'kubernetes',
    lookSeconds: 3,
    async submit(job) {
      if (isCreated(job)) return;
      const manifest = indexedJob({ ...job, tasks: job.items.length }, options, runOf(job), job.items);
      // To apply what is there already changes nothing.
      await kubectl(['apply', '--filename=-'], JSON.stringify(manifest));
      await job.notes.write(CREATED, 'yes');
    },
    async observe(job) {
      const text = await kubectl(['get', 'job', job.id, '--output=json', '--ignore-not-found']);
      // Of one that is gone nothing runs.
      if (text.trim() === '') return job.items.map(() => (isCreated(job) ? 'ended' : 'waiting'));
      const pods = ['get', 'pods', `--selector=batch.kubernetes.io/job-name=${job.id}`, '--output=json'];
      return statesOf(job, jobSchema.parse(JSON.parse(text)), podsSchema.parse(JSON.parse(await kubectl(pods))));
    },
    async cancel(job) {
      await job.notes.write(CREATED, 'yes');
      await kubectl(['delete', 'job', job.id, '--ignore-not-found', '--wait=false']);
    },
    logOf: (job, index) => {
      const pod = ['job-name', 'job-completion-index'].map((label) => `batch.kubernetes.io/${label}`);
      return kubectl(['logs', `--selector=${pod[0]}=${job.id},${pod[1]}=${index}`, '--tail=5']);
    },
  };
}

const CREATED = 'kubernetes job';
const isCreated = ({ notes }: Job): boolean => notes.read(CREATED) !== undefined;

/** The item is that of the pod's number among the shell's arguments. */
const runOf = ({ command }: Job): string => `shift "$JOB_COMPLETION_INDEX"; exec ${shellWords(command)} "$1"`;

const PASSING =
  /connection refused|unable to connect|timed? ?out|i\/o timeout|too many requests|etcdserver|internal error|serviceunavailable|tls handshake/i;

const jobSchema = z.object({
  status: z
    .object({
      completedIndexes: z.string().optional(),
      failedIndexes: z.string().optional(),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
    })
    .optional(),
});

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()).optional() }),
      status: z.object({ phase: z.string().optional() }).optional(),
    }),
  ),
});

function statesOf(
  { items }: Job,
  { status = {} }: z.infer<typeof jobSchema>,
  { items: pods }: z.infer<typeof podsSchema>,
): TaskState[] {
  const isOver = status.conditions?.some(({ type, status: is }) => OVER.includes(type) && is === 'True');
  const ended = new Set([...indexesIn(status.completedIndexes), ...indexesIn(status.failedIndexes)]);
  const running = new Set(
    pods.flatMap(({ metadata: { annotations = {} }, status: pod }) =>
      pod?.phase === 'Running' ? [Number(annotations['batch.kubernetes.io/job-completion-index'])] : [],
    ),
  );
  return items.map((_, index) => {
    if (isOver || ended.has(index)) return 'ended';
    return running.has(index) ? 'running' : 'waiting';
  });
}

const OVER = ['Complete', 'Failed'];

/** `0,2-4` as Kubernetes writes sets of indexes. */
function indexesIn(text = ''): number[] {
  return text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return part === '' ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
