import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureVenv } from '../../bench/venv.ts';
import { freePorts } from './free-ports.ts';

/** Ray of this machine's own: a head that asks for a token, and has four slots, whatever the machine has. */
export interface RayCluster {
  readonly address: string;
  readonly token: string;
  /** Ends the head and all that it runs, and starts another, which knows nothing of what was. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The Python that has Ray, installed on first use. @throws {Error} where it cannot be */
const rayPython = (): string => ensureVenv({ folder: at('node_modules/.tools/ray'), requirementsFile: at('ray.txt') });

export function hasRay(): boolean {
  try {
    return rayPython() !== '';
  } catch (error) {
    console.error((error as Error).message);
    return false;
  }
}

export async function startRay(): Promise<RayCluster> {
  const python = rayPython();
  const [port = 0, dashboard = 0, ...others] = await freePorts(7);
  const token = randomUUID();
  const address = `http://127.0.0.1:${dashboard}`;
  // Its sockets have names of at most 107 characters.
  const folder = mkdtempSync(join(tmpdir(), 'ray-'));
  const start = () => startHead({ python, folder, token, ports: [port, dashboard, ...others] });
  const isUp = async () => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}/api/jobs/`, { headers }).catch(() => undefined);
    return answer?.ok === true;
  };
  const up = async (head: ChildProcess): Promise<ChildProcess> => {
    for (let waited = 0; waited < 120_000; waited += 500) {
      if (await isUp()) return head;
      if (head.exitCode !== null) break;
      await sleep(500);
    }
    throw new Error('Ray did not come up within two minutes.');
  };
  const end = async (head: ChildProcess) => {
    const gone = new Promise((resolve) => head.once('exit', resolve));
    head.kill('SIGTERM');
    await Promise.race([gone, sleep(20_000)]);
    head.kill('SIGKILL');
  };
  let head = await up(start());
  return {
    address,
    token,
    async restart() {
      await end(head);
      head = await up(start());
    },
    async stop() {
      await end(head);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Head {
  readonly python: string;
  readonly folder: string;
  readonly token: string;
  readonly ports: readonly number[];
}

function startHead({ python, folder, token, ports }: Head): ChildProcess {
  const [port, dashboard, agent, agentGrpc, environments, metrics, client] = ports;
  const options = {
    port,
    'dashboard-port': dashboard,
    'dashboard-agent-listen-port': agent,
    'dashboard-agent-grpc-port': agentGrpc,
    'runtime-env-agent-port': environments,
    'metrics-export-port': metrics,
    'ray-client-server-port': client,
    'num-cpus': 4,
    'object-store-memory': 100 * 2 ** 20,
    'node-ip-address': '127.0.0.1',
    'temp-dir': folder,
    'include-dashboard': true,
  };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return spawn(join(dirname(python), 'ray'), ['start', '--head', '--block', '--disable-usage-stats', ...flags], {
    stdio: 'ignore',
    // Ray begins a task behind everybody else's work, which on a machine that others use too takes as long as they like.
    env: { ...process.env, RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: token, RAY_worker_niceness: '0' },
  });
}
