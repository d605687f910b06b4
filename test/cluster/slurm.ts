import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';
import { hasLibrary, hasPrograms, run } from './programs.ts';

/** Slurm of this machine's own: a controller and two nodes, which have two slots each, whatever the machine has. */
export interface SlurmCluster {
  /** For every program that talks to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly partition: string;
  /** A task that was put into the queue again waits there for two minutes, but for this. */
  beginSoon(job: string): Promise<void>;
  /** Nodes can begin nothing, until what is returned is called; and the controller takes them out, as it does for that. */
  breakNodes(): Promise<() => void>;
  /** Kills the controller, and starts it again after a while. */
  restartController(afterMs: number): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAMS = ['slurmctld', 'slurmd', 'munged', 'sbatch'] as const;
const PARTITION = 'two';

/** Installs Slurm where that is allowed. Whether it is there then. */
export function hasSlurm(): boolean {
  return hasPrograms(PROGRAMS, ['slurm-wlm', 'munge']);
}

/** Whether srun can start processes that speak PMIx: Debian's opens a name that is in the package for developers alone. */
export const hasPmix = (): boolean => hasLibrary('libpmix.so', ['libpmix-dev']);

export async function startSlurm(folder: string): Promise<SlurmCluster> {
  const [controller = 0, ...nodes] = await freePorts(3);
  for (const name of ['state', 'spool-node1', 'spool-node2']) mkdirSync(join(folder, name), { recursive: true });
  const socket = join(folder, 'munge.socket');
  const conf = join(folder, 'slurm.conf');
  writeFileSync(conf, configuration({ folder, socket, controller, nodes }));
  writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
  const env = { SLURM_CONF: conf };
  const start = (program: string, ...args: string[]): ChildProcess =>
    // What one that is killed leaves behind lies there too.
    spawn(program, args, { cwd: folder, stdio: 'ignore', env: { ...process.env, ...env } });

  const munge = start('munged', '--foreground', '--force', ...mungeOptions(folder, socket));
  await until('munged', () => existsSync(socket));
  let slurmctld = start('slurmctld', '-D');
  const slurmds = nodes.map((_, i) => start('slurmd', '-D', '-N', `node${i + 1}`));
  const isUp = async () => (await run('sinfo', ['--noheader', '--format=%D %t'], env)).trim() === '2 idle';
  await until('Slurm', isUp);

  const operator = new AbortController();
  const operating = operate(env, operator.signal);

  const gone = (child: ChildProcess) =>
    new Promise<void>((resolve) =>
      (child.exitCode ?? child.signalCode) === null ? child.once('exit', () => resolve()) : resolve(),
    );
  return {
    env,
    partition: PARTITION,
    async beginSoon(job) {
      // Not while its node is at the end of it: that would refuse to begin it again.
      const waits = async () => {
        const tasks = await run('squeue', ['--noheader', '--array', `--jobs=${job}`, '--format=%A %T'], env);
        return tasks.split('\n').includes(`${job} PENDING`);
      };
      for (let seen = 0, tries = 0; seen < 5 && tries < 120; tries++) {
        await sleep(1000);
        seen = (await waits()) ? seen + 1 : 0;
      }
      await run('scontrol', ['update', `JobId=${job}`, 'StartTime=now'], env);
    },
    async breakNodes() {
      const spools = nodes.map((_, i) => join(folder, `spool-node${i + 1}`));
      for (const spool of spools) {
        renameSync(spool, `${spool}-away`);
        writeFileSync(spool, '');
      }
      await run('scontrol', ['update', 'NodeName=ALL', 'State=DRAIN', 'Reason=Duplicate jobid'], env);
      return () => {
        for (const spool of spools) {
          rmSync(spool);
          renameSync(`${spool}-away`, spool);
        }
      };
    },
    async restartController(afterMs) {
      slurmctld.kill('SIGKILL');
      await gone(slurmctld);
      await sleep(afterMs);
      slurmctld = start('slurmctld', '-D');
    },
    async stop() {
      operator.abort();
      await operating;
      for (const child of [slurmctld, ...slurmds, munge]) {
        child.kill('SIGTERM');
        await Promise.race([gone(child), sleep(10_000)]);
        child.kill('SIGKILL');
      }
    },
  };
}

/** A controller that was killed has not heard of all ends, and drains the node that refuses to begin a job again. */
const DRAINED = /^(\S+) (?:drain|drng|down|fail)\S* (.*)$/gm;

/** What somebody does who looks after a cluster: gives nodes back that Slurm has taken out. */
async function operate(env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const nodes = await run('sinfo', ['--noheader', '--Node', '--format=%N %t %E'], env);
    for (const [, node, reason] of nodes.matchAll(DRAINED)) {
      console.log(`Slurm has taken ${node} out (${reason}): it is given back.`);
      await run('scontrol', ['update', `NodeName=${node}`, 'State=RESUME'], env);
    }
    await sleep(2000, undefined, { signal }).catch(() => {});
  }
}

function mungeOptions(folder: string, socket: string): string[] {
  const files = {
    'key-file': 'munge.key',
    'pid-file': 'munge.pid',
    'log-file': 'munge.log',
    'seed-file': 'munge.seed',
  };
  return [`--socket=${socket}`, ...Object.entries(files).map(([option, file]) => `--${option}=${join(folder, file)}`)];
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 200) {
    if (await isSo()) return;
    await sleep(200);
  }
  throw new Error(`${what} did not come up within a minute.`);
}

interface Places {
  readonly folder: string;
  readonly socket: string;
  readonly controller: number;
  readonly nodes: readonly number[];
}

/** `config_overrides`: nodes have what is written here. Jobs that are asked for again begin soon, for KillWait is short. */
const configuration = ({ folder, socket, controller, nodes }: Places): string => `
ClusterName=counterweight
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=${userInfo().username}
SlurmdUser=${userInfo().username}
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=5
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
${nodes.map((port, i) => `NodeName=node${i + 1} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${port} CPUs=2`).join('\n')}
PartitionName=${PARTITION} Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
