/**
 * `node test/cluster/faults.ts slurm|ray FAULTS [SEED]`: a sweep of twelve trials on a real cluster, in which so many things go
 * wrong: workers are killed or told to end, tasks are taken away from them, the launcher is killed, and in the middle the
 * scheduler itself. Every trial comes to its end once, and is to the bit what it is without a cluster.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../packages/core/src/random.ts';
import { type Cluster, clusters } from './clusters.ts';
import { counterweight, sweepArguments, TRIALS, trialHashes } from './sweep-task.ts';
import { workersOf } from './workers.ts';

const [name = 'slurm', wanted = '25', seed = '1'] = process.argv.slice(2);
const FAULTS = Number(wanted);
const STEPS = 160;
const random = createRandom(Number(seed), 0xfa017);
const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
const startedAt = Date.now();
const open = clusters[name];
const [node = '', ...program] = counterweight;
const env = { ...process.env, COUNTERWEIGHT_THREADS: '1' };

/** Without a cluster, and undisturbed. */
function reference(): Record<string, string> {
  const sweep = join(folder, 'here');
  const { status, stderr } = spawnSync(
    node,
    [...program, 'sweep', ...sweepArguments(folder, sweep, STEPS), '--parallel', '2'],
    { env },
  );
  if (status !== 0) throw new Error(`The sweep without a cluster ended with ${status}: ${stderr}`);
  return trialHashes(sweep);
}

/** A launcher that is started again as often as it is killed, and what ends a sweep. */
function keepLaunching(sweep: string, cluster: Cluster) {
  const args = [
    'sweep',
    ...sweepArguments(folder, sweep, STEPS),
    ...cluster.flags,
    '--max-jobs',
    '4',
    '--retries',
    '100',
  ];
  let said = '';
  let launcher: ChildProcess | undefined;
  const result = (async () => {
    for (;;) {
      launcher = spawn(node, [...program, ...args, '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...env, ...cluster.env },
      });
      for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (chunk) => (said += chunk));
      const [code, signal] = await once(launcher, 'exit');
      if (code === 0) return;
      if (signal !== 'SIGKILL') throw new Error(`The launcher ended with ${code ?? signal}:\n${said.slice(-3000)}`);
    }
  })();
  return { result, kill: () => launcher?.kill('SIGKILL') ?? false };
}

const counts: Record<string, number> = {};
function count(what: string): number {
  counts[what] = (counts[what] ?? 0) + 1;
  console.log(`${Math.round((Date.now() - startedAt) / 1000)} s: ${what}`);
  return counts[what];
}

/** One thing that goes wrong. False where there was nothing to break. */
async function breakSomething(sweep: string, cluster: Cluster, launcher: { kill(): boolean }): Promise<boolean> {
  const what = random.integer(10);
  // One that is killed again before it has submitted anything proves nothing.
  if (what === 0) return workersOf(sweep).length > 0 && launcher.kill() && count('launchers killed') > 0;
  if (what <= 2) return (await cluster.takeAway(random.integer)) && count('tasks taken away') > 0;
  const workers = workersOf(sweep);
  const worker = workers[random.integer(Math.max(1, workers.length))];
  if (worker === undefined) return false;
  const signal = what <= 7 ? 'SIGKILL' : what === 8 ? 'SIGTERM' : 'SIGUSR1';
  try {
    process.kill(worker, signal);
  } catch {
    return false;
  }
  return count(`workers ended with ${signal}`) > 0;
}

/** Until so much has gone wrong, or the sweep has ended. */
async function breakThings(
  sweep: string,
  cluster: Cluster,
  launcher: ReturnType<typeof keepLaunching>,
): Promise<number> {
  let ended = false;
  launcher.result.then(
    () => (ended = true),
    () => (ended = true),
  );
  let faults = 0;
  while (faults < FAULTS && !ended) {
    await sleep(300 + random.integer(1200));
    if (await breakSomething(sweep, cluster, launcher)) faults++;
    if (faults === Math.floor(FAULTS / 2) && counts['schedulers killed'] === undefined) {
      await cluster.restart();
      count('schedulers killed');
      faults++;
    }
  }
  return faults;
}

/** What is wrong with what came out. */
function problemsOf(sweep: string, expected: Record<string, string>): string[] {
  const hashes = trialHashes(sweep);
  const problems = Object.entries(expected).flatMap(([id, hash]) => {
    if (hashes[id] === undefined) return [`${id} is not done`];
    return hashes[id] === hash ? [] : [`${id} differs`];
  });
  // A worker says so when it has done a trial.
  const launch = join(sweep, 'launch');
  const logs = readdirSync(launch, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'));
  const ends = logs.flatMap(
    (file) => readFileSync(join(launch, file), 'utf8').match(/^weight .*, seed \d+ {2}/gm) ?? [],
  );
  const twice = ends.filter((line, i) => ends.indexOf(line) !== i).map((line) => `done twice: ${line}`);
  return [...problems, ...twice, ...(Object.keys(expected).length === TRIALS ? [] : ['There are no twelve trials.'])];
}

if (!open) throw new Error(`There is no cluster ${name}: ${Object.keys(clusters).join(', ')}.`);
const expected = reference();
const referenceSeconds = (Date.now() - startedAt) / 1000;
mkdirSync(join(folder, 'cluster'));
const cluster = await open(join(folder, 'cluster'));
const sweep = join(folder, name);
let problems: string[];
let faults: number;
try {
  const launcher = keepLaunching(sweep, cluster);
  faults = await breakThings(sweep, cluster, launcher);
  await launcher.result;
  problems = problemsOf(sweep, expected);
  if (faults < FAULTS) problems.push(`The sweep had ended after ${faults} faults.`);
} finally {
  await cluster.stop();
}
for (const problem of problems) console.log(problem);
const what = Object.entries(counts).map(([one, times]) => `${times} ${one}`);
const seconds = Math.round((Date.now() - startedAt) / 1000);
console.log(
  `${name}: ${TRIALS} trials, ${faults} faults (${what.join(', ')}), ${problems.length} problems, ${seconds} s (${Math.round(referenceSeconds)} s without a cluster)`,
);
if (problems.length > 0) console.log(`All of it is in ${folder}`);
else rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
process.exit(problems.length === 0 ? 0 : 1);
