import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from '@counterweight/core/files';
import { z } from 'zod';
import type { Executor, Job, TaskState } from './executor.ts';
import { indexedJob, type KubernetesOptions } from './indexed-job.ts';
import { runProgram } from './run-program.ts';
import { shellWord, shellWords } from './shell.ts';

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
      if (existsSync(created(job))) return;
      await writeFileDurably(join(job.folder, 'items'), job.items.map((item) => `${item}\n`).join(''));
      const manifest = indexedJob({ ...job, tasks: job.items.length }, options, runOf(job));
      // To apply what is there already changes nothing.
      await kubectl(['apply', '--filename=-'], JSON.stringify(manifest));
      await writeFileDurably(created(job), '');
    },
    async observe(job) {
      const text = await kubectl(['get', 'job', job.id, '--output=json', '--ignore-not-found']);
      // Of one that is gone nothing runs.
      if (text.trim() === '') return job.items.map(() => (existsSync(created(job)) ? 'ended' : 'waiting'));
      const pods = ['get', 'pods', `--selector=batch.kubernetes.io/job-name=${job.id}`, '--output=json'];
      return statesOf(job, jobSchema.parse(JSON.parse(text)), podsSchema.parse(JSON.parse(await kubectl(pods))));
    },
    async cancel(job) {
      await writeFileDurably(created(job), '');
      await kubectl(['delete', 'job', job.id, '--ignore-not-found', '--wait=false']);
    },
  };
}

const created = ({ folder }: Job): string => join(folder, 'kubernetes-job');

/** The item is the line of the pod's number. */
const runOf = ({ command, folder }: Job): string =>
  `exec ${shellWords(command)} "$(sed -n "$((JOB_COMPLETION_INDEX + 1))p" ${shellWord(join(folder, 'items'))})"`;

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
