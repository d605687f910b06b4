import { request } from 'node:http';
import { run } from './programs.ts';
import { startRay } from './ray.ts';
import { startSlurm } from './slurm.ts';

/** A cluster as what breaks it sees it. */
export interface Cluster {
  /** How a sweep is launched on it. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Takes a task that runs away from its worker: Slurm puts it into the queue again, Ray ends it. False where none runs. */
  takeAway(pick: (count: number) => number): Promise<boolean>;
  /** Ends what schedules, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const clusters: Readonly<Record<string, (folder: string) => Promise<Cluster>>> = {
  async slurm(folder) {
    const { env, partition, restartController, beginSoon, stop } = await startSlurm(folder);
    return {
      env,
      flags: ['--launch', 'slurm', '--partition', partition],
      stop,
      restart: () => restartController(2000),
      async takeAway(pick) {
        const queued = await run('squeue', ['--noheader', '--array', '--states=RUNNING', '--format=%A'], env);
        const running = queued.split('\n').filter(Boolean);
        if (running.length === 0) return false;
        const job = running[pick(running.length)] as string;
        await run('scontrol', ['requeue', job], env);
        void beginSoon(job);
        return true;
      },
    };
  },
  async ray() {
    const { address, token, restart, stop } = await startRay();
    const ask = (method: string, path: string) =>
      new Promise<string>((resolve) => {
        const headers = { authorization: `Bearer ${token}` };
        const sent = request(new URL(path, address), { method, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve(text));
        });
        sent.on('error', () => resolve('[]')).end();
      });
    return {
      env: { RAY_AUTH_TOKEN: token },
      flags: ['--launch', 'ray', '--ray-address', address],
      stop,
      restart,
      async takeAway(pick) {
        const jobs = JSON.parse(await ask('GET', '/api/jobs/')) as { submission_id: string; status: string }[];
        const running = jobs.filter(({ status }) => status === 'RUNNING');
        if (running.length === 0) return false;
        await ask('POST', `/api/jobs/${running[pick(running.length)]?.submission_id}/stop`);
        return true;
      },
    };
  },
};
