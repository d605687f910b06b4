/**
 * `node studio-process.ts FOLDER JOBS SEED`: a studio in FOLDER that sees to it that its first JOBS jobs are there, and asks
 * for something now and then: a pause, and that it goes on. It ends by itself when all of them are done.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../packages/core/src/random.ts';
import type { JobRequest } from '../../packages/studio/src/jobs/job.ts';
import { openJobs } from '../../packages/studio/src/jobs/open-jobs.ts';

const [folder = '', count = '', seed = ''] = process.argv.slice(2);
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The n-th job: most are quick ones that only pretend, every eighth trains a real model, some are sweeps and exports. */
function request(n: number): JobRequest {
  const output = join(folder, 'outputs', `${n}`);
  const log = join(folder, 'log');
  if (n % 8 === 3) {
    const task = { model: path('../../models/stories260k'), data: [join(folder, 'plain.jsonl')], engine: 'wasm' };
    const training = { method: 'full', precision: 'f32', maxSteps: 20, batchSize: 2, maxLength: 64, cache: false };
    return { kind: 'train', options: { ...task, ...training }, output };
  }
  const kind = (['train', 'train', 'sweep', 'train', 'export'] as const)[n % 5] as JobRequest['kind'];
  return { kind, options: { log, steps: 1 + (n % 7) * 10, stepMs: 40 }, output };
}

const slowly = new URL('./slow-start.ts', import.meta.url).href;
const program = [process.execPath, '--no-warnings', '--import', slowly, path('./studio-command.ts')];
const random = createRandom(Number(seed), 0x57d10);
console.log('loaded');
const jobs = await openJobs({ folder, program, concurrency: 2 });
for (let n = 0; n < Number(count); n++) {
  const wanted = request(n);
  if (!(await jobs.list()).some(({ output }) => output === wanted.output)) await jobs.add(wanted);
}
for (;;) {
  const all = await jobs.list();
  const failed = all.find(({ status }) => status === 'failed' || status === 'interrupted');
  if (failed) throw new Error(`${failed.id} ${failed.status}: ${failed.error?.message}`);
  // The last studio is killed by nobody, and lets its jobs come to their end.
  const isLast = existsSync(join(folder, 'last'));
  if (isLast && all.every(({ status }) => status === 'done')) break;
  for (const { id, status } of all) {
    if (status === 'paused' || status === 'stopped') await jobs.resume(id);
    else if (isLast) continue;
    else if (status === 'running' && random.integer(10) === 0) await jobs.pause(id);
    else if (status === 'running' && random.integer(20) === 0) await jobs.stop(id);
    else if (status === 'queued' && random.integer(64) === 0) await jobs.pause(id);
  }
  await sleep(200);
}
await jobs.close();
