/**
 * `node test/cluster/launch-cost.ts`: what launching adds to a trial. Twelve tasks that do nothing but say so, as many at a time
 * as there are processors (four at most), on each executor that is here, looked at as often as a launcher does: the time of all
 * of it, divided by the rounds. At most 5 s is the aim.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Executor, local, ray, slurm } from '../../packages/launch/src/index.ts';
import { testJobs } from '../../packages/launch/src/test-support/test-jobs.ts';
import { hasRay, startRay } from './ray.ts';
import { hasSlurm, startSlurm } from './slurm.ts';

const [TASKS, AIM] = [12, 5];
/** A cluster has a processor for each. */
const AT_ONCE = Math.min(4, availableParallelism());

async function secondsPerTrial(executor: Executor): Promise<number> {
  const jobs = testJobs();
  const items = Array.from({ length: TASKS }, (_, i) => `ends ${i}`);
  const job = jobs.newJob(items, AT_ONCE);
  writeFileSync(join(job.folder, 'go'), '');
  const startedAt = performance.now();
  for (;;) {
    await executor.submit(job);
    const states = await executor.observe(job);
    if (states.every((state) => state === 'ended')) break;
    await sleep(executor.lookSeconds * 1000);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await jobs.remove();
  return seconds / (TASKS / AT_ONCE);
}

const told: string[] = [];
let isGood = true;
async function measure(executor: Executor): Promise<void> {
  // The first time a cluster loads what it needs.
  await secondsPerTrial(executor);
  const seconds = await secondsPerTrial(executor);
  isGood &&= seconds <= AIM;
  told.push(`${executor.name} ${seconds.toFixed(1)} s`);
}

await measure(local());
if (hasSlurm()) {
  const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
  const cluster = await startSlurm(folder);
  Object.assign(process.env, cluster.env);
  await measure(slurm({ partition: cluster.partition })).finally(cluster.stop);
  rmSync(folder, { recursive: true, force: true });
}
if (hasRay()) {
  const cluster = await startRay();
  await measure(ray(cluster)).finally(cluster.stop);
}
const day = new Date().toISOString().slice(0, 10);
console.log(
  `added to a trial: ${told.join(', ')} (${cpus().length} × ${cpus()[0]?.model}, ${day}; aim: at most ${AIM} s)`,
);
process.exit(isGood ? 0 : 1);
