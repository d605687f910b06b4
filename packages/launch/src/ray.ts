import { once } from 'node:events';
import { request as http, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as https } from 'node:https';
import { join } from 'node:path';
import { text as streamText } from 'node:stream/consumers';
import { UserError } from '@counterweight/core/files';
import { z } from 'zod';
import { type Executor, type Job, type TaskState, Unreachable } from './executor.ts';
import { shellWord, shellWords } from './shell.ts';

export interface RayOptions {
  /** Of Ray's dashboard: `http://head:8265`. */
  readonly address: string;
  /** Where Ray asks for one (`RAY_AUTH_MODE=token`), as it should wherever others reach its port: who may submit jobs may do anything. */
  readonly token?: string | undefined;
  /**
   * For all tasks, and not written down with the job: keys to object storage (`storageAccess`). Ray keeps it with the task, and shows
   * it to whoever may look at its dashboard.
   */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/**
 * Jobs of a Ray cluster, through its REST interface: one for each task, under an id that says which. Ray neither limits how
 * many run nor starts one again; its head forgets all of them when it is started again.
 * @example
 * ```ts
 * import { launchSweep, ray } from '@counterweight/launch';
 *
 * const executor = ray({ address: 'http://127.0.0.1:8265', token: process.env.RAY_AUTH_TOKEN });
 * const command = ['npx', 'counterweight', 'worker'];
 * const { done } = await launchSweep({ sweep: 'sweeps/first', executor, command, atOnce: 8 });
 * ```
 */
export function ray(options: RayOptions): Executor {
  const observe = async (job: Job): Promise<TaskState[]> => {
    const states = await statesOf(job, options);
    const unknown = isCancelled(job) ? 'ended' : 'waiting';
    return job.items.map((_, index) => states.get(taskId(job, index)) ?? unknown);
  };
  return {
    name: 'ray',
    lookSeconds: 1,
    async submit(job) {
      const states = await statesOf(job, options);
      let room = job.atOnce - [...states.values()].filter((state) => state !== 'ended').length;
      for (const index of job.items.keys()) {
        if (room <= 0 || isCancelled(job)) break;
        if (states.has(taskId(job, index))) continue;
        await request(options, 'POST', '/api/jobs/', requestOf(job, index, options));
        room--;
      }
    },
    observe,
    async cancel(job) {
      await job.notes.write(CANCELLED, 'yes');
      for (const [id, state] of await statesOf(job, options)) {
        if (state !== 'ended') await request(options, 'POST', `/api/jobs/${id}/stop`);
      }
    },
    async logOf(job, index) {
      const { logs } = logsSchema.parse(await request(options, 'GET', `/api/jobs/${taskId(job, index)}/logs`));
      return logs;
    },
  };
}

const CANCELLED = 'cancelled';
const isCancelled = ({ notes }: Job): boolean => notes.read(CANCELLED) !== undefined;
const taskId = ({ id }: Job, index: number): string => `${id}-${index}`;

/** What Ray is asked for. It would wait for a whole processor where nothing is said, and there only on the head. */
function requestOf(job: Job, index: number, { env: own }: RayOptions): object {
  const { command, items, folder, isShared, env, cpus = 1, memoryMib } = job;
  // What is not put elsewhere Ray keeps.
  const log = isShared ? ` >>${shellWord(join(folder, `${index}.log`))} 2>&1` : '';
  return {
    submission_id: taskId(job, index),
    entrypoint: `exec ${shellWords([...command, items[index] as string])}${log}`,
    entrypoint_num_cpus: cpus,
    ...(memoryMib !== undefined && { entrypoint_memory: memoryMib * 2 ** 20 }),
    runtime_env: { env_vars: { ...own, ...env } },
  };
}

const logsSchema = z.object({ logs: z.string() });
const jobsSchema = z.array(z.object({ submission_id: z.string().nullish(), status: z.string() }));

async function statesOf(job: Job, options: RayOptions): Promise<Map<string, TaskState>> {
  const jobs = jobsSchema.parse(await request(options, 'GET', '/api/jobs/'));
  return new Map(
    jobs.flatMap(({ submission_id: id, status }) =>
      id?.startsWith(`${job.id}-`) ? [[id, STATES[status] ?? 'ended'] as const] : [],
    ),
  );
}

const STATES: Readonly<Record<string, TaskState>> = { PENDING: 'waiting', RUNNING: 'running' };

async function request({ address, token }: RayOptions, method: string, path: string, body?: object): Promise<unknown> {
  const url = new URL(path, address);
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const { status, text } = await exchange(url, { method, headers }, body && JSON.stringify(body));
  if (status < 300) return JSON.parse(text);
  // A task whose submission was not heard of is there.
  if (/already exists/i.test(text)) return undefined;
  if (status >= 500) throw new Unreachable(`${url}: ${status} ${text.slice(0, 500)}`);
  const isToken = status === 401 || status === 403;
  throw new UserError({
    code: 'launcher-refused',
    problem: isToken ? 'Ray asks for another token.' : `Ray says ${status}: ${text.slice(0, 500)}`,
    where: url.href,
    fix: isToken ? 'Put the token of the cluster into RAY_AUTH_TOKEN.' : 'Is this the address of the dashboard?',
  });
}

/** Not with \`fetch\`, whose headers say that it might be a page: those Ray refuses, for anybody could lure a browser there. */
async function exchange(url: URL, options: RequestOptions, body = ''): Promise<{ status: number; text: string }> {
  try {
    const send = url.protocol === 'https:' ? https : http;
    const sent = send(url, { ...options, signal: AbortSignal.timeout(60_000) });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.end(body);
    const [response] = await answered;
    return { status: response.statusCode ?? 0, text: await streamText(response) };
  } catch (error) {
    throw new Unreachable(`${url}: ${(error as Error).message}`);
  }
}
