import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lockHolder } from '@counterweight/core/files';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobKind } from './job.ts';
import { filesOf } from './job-folder.ts';
import { type Jobs, type JobsOptions, openJobs } from './open-jobs.ts';
import type { FakeOptions } from './test-support/fake-command.ts';
import { fakeProgram, readFakeLog, until } from './test-support/studio.ts';

const base = mkdtempSync(join(tmpdir(), 'jobs-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let [folder, log] = ['', ''];
let jobs: Jobs;
const open = async (more: Partial<JobsOptions> = {}) => {
  jobs = await openJobs({ folder, program: fakeProgram, ...more });
  return jobs;
};
const add = (name: string, options: Partial<FakeOptions> = {}, kind: JobKind = 'train') =>
  jobs.add({ kind, options: { ...options, log }, output: join(folder, 'runs', name) });
const said = (name: string) =>
  readFakeLog(log)
    .filter(({ output }) => output.endsWith(`/${name}`))
    .map(({ what }) => what);
const folderOf = (id: string) => join(folder, 'jobs', id);

beforeEach(() => {
  folder = mkdtempSync(join(base, 'studio-'));
  log = join(folder, 'log');
});
afterEach(async () => {
  for (const { id, status } of await jobs.list()) {
    if (['queued', 'running'].includes(status)) await jobs.stop(id);
    await until(jobs, id, ({ status }) => !['running', 'pausing', 'stopping'].includes(status));
  }
  await jobs.close();
});

describe('jobs', () => {
  it('wait for each other, and end with what their commands print', async () => {
    await open();
    const first = await add('first', { steps: 150 });
    const second = await add('second');
    expect([first.status, second.status]).toEqual(['queued', 'queued']);
    await until(jobs, first.id, 'running');
    expect((await jobs.get(second.id))?.status).toBe('queued');
    const done = await until(jobs, second.id, 'done');
    expect(done.result).toEqual({ run: second.output, steps: 3 });
    expect(done.progress).toMatchObject({ step: 3, steps: 3, loss: 1 / 3, secondsLeft: 0 });
    expect(readFakeLog(log).map(({ what }) => what)).toEqual(['start', 'end', 'start', 'end']);
    expect((await jobs.list()).map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it('that export start at once', async () => {
    await open();
    const training = await add('training', { steps: 200 });
    await until(jobs, training.id, 'running');
    const exported = await add('exported', {}, 'export');
    await until(jobs, exported.id, 'done');
    expect((await jobs.get(training.id))?.status).toBe('running');
  });

  it('pause and go on from where they were, in their place before later ones', async () => {
    await open();
    const first = await add('first', { steps: 100, stepMs: 20 });
    const second = await add('second', { steps: 150 });
    const third = await add('third');
    await until(jobs, first.id, ({ progress }) => (progress?.step ?? 0) >= 2);
    expect((await jobs.pause(first.id)).status).toBe('pausing');
    const paused = await until(jobs, first.id, 'paused');
    await until(jobs, second.id, 'running');
    expect((await jobs.resume(first.id)).status).toBe('queued');
    await until(jobs, first.id, 'done');
    expect((await jobs.get(third.id))?.status).toBe('queued');
    expect(said('first')).toEqual(['start', 'stop', 'start', 'end']);
    expect(paused.progress?.step).toBeLessThan(100);
    await until(jobs, third.id, 'done');
  });

  it('are taken out of the queue, and stopped for good', async () => {
    await open();
    const first = await add('first', { steps: 500 });
    const second = await add('second');
    await until(jobs, first.id, 'running');
    expect((await jobs.stop(second.id)).status).toBe('stopped');
    expect((await jobs.stop(first.id)).status).toBe('stopping');
    await until(jobs, first.id, 'stopped');
    await sleep(1500);
    expect(said('second')).toEqual([]);
    await jobs.resume(second.id);
    await until(jobs, second.id, 'done');
  });

  it('that failed or crashed say so, wait for their user, and may be resumed', async () => {
    await open();
    const fails = await add('fails', { fails: 'No such model.' });
    const crashes = await add('crashes', { crashes: true });
    const failed = await until(jobs, fails.id, 'failed');
    expect(failed.error).toEqual({ code: 'option-invalid', message: 'No such model.' });
    await until(jobs, crashes.id, 'interrupted');
    await sleep(1500);
    expect(said('crashes')).toEqual(['start']);
    await jobs.resume(crashes.id);
    await until(jobs, crashes.id, 'done');
  });

  it('are removed once they have ended, and leave their place', async () => {
    await open();
    const { id, output } = await add('fails', { fails: 'No such model.' });
    expect((await jobs.remove(id)).status).not.toBe('removed');
    await until(jobs, id, 'failed');
    expect((await jobs.remove(id)).status).toBe('removed');
    await jobs.close();
    await open();
    expect((await jobs.get(id))?.status).toBe('removed');
    rmSync(output, { recursive: true, force: true });
    const again = await add('fails');
    await until(jobs, again.id, 'done');
    expect((await jobs.remove(again.id)).status).toBe('done');
  });

  it('whose process cannot begin fail, and are not tried again and again', async () => {
    await open({ program: [join(folder, 'no-node'), 'x.js'] });
    const { id } = await add('first');
    expect((await until(jobs, id, 'failed')).error?.message).toContain('ENOENT');
    await jobs.close();
    await open({ program: [process.execPath, join(folder, 'no-program.js')] });
    expect((await until(jobs, id, 'failed')).error?.message).toContain('no-program.js');
    await jobs.close();
    await open();
    await jobs.resume(id);
    await until(jobs, id, 'done');
  });

  it('tell of changes', async () => {
    await open();
    const heard: string[] = [];
    const end = jobs.onChange((id) => heard.push(id));
    const { id } = await add('first', { steps: 100 });
    await until(jobs, id, 'done');
    expect(new Set(heard)).toEqual(new Set([id]));
    expect(heard.length).toBeGreaterThan(2);
    expect(heard.length).toBeLessThan(20);
    end();
    const length = heard.length;
    await until(jobs, (await add('second')).id, 'done');
    expect(heard).toHaveLength(length);
  });

  it('have a place of their own', async () => {
    await open();
    await add('first');
    await expect(add('first')).rejects.toMatchObject({ code: 'output-in-use' });
    writeFileSync(join(folder, 'file'), '');
    await expect(jobs.add({ kind: 'train', options: {}, output: join(folder, 'file') })).rejects.toMatchObject({
      code: 'output-in-use',
    });
    await expect(jobs.add({ kind: 'train', options: {}, output: folder })).rejects.toMatchObject({
      code: 'output-in-use',
    });
    await expect(jobs.add({ kind: 'train', options: {}, output: 'runs/first' })).rejects.toMatchObject({
      code: 'option-invalid',
    });
    // What was done and thrown away leaves its place.
    await until(jobs, (await add('second')).id, 'done');
    rmSync(join(folder, 'runs/second'), { recursive: true });
    await add('second');
    await expect(jobs.pause('nobody')).rejects.toMatchObject({ code: 'option-invalid' });
    expect(await jobs.get('nobody')).toBeUndefined();
    expect(readdirSync(join(folder, 'jobs'))).toHaveLength(3);
  });
});

describe('jobs of a studio that is gone', () => {
  it('run on, and are found again by the next', async () => {
    await open();
    const { id } = await add('first', { steps: 200 });
    await until(jobs, id, 'running');
    const before = await lockHolder(filesOf(folderOf(id)).lock);
    await expect(openJobs({ folder, program: fakeProgram })).rejects.toMatchObject({
      code: 'studio-in-use',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await jobs.close();
    await open();
    expect((await jobs.get(id))?.status).toBe('running');
    expect((await lockHolder(filesOf(folderOf(id)).lock))?.pid).toBe(before?.pid);
    await until(jobs, id, 'done');
    expect(said('first')).toEqual(['start', 'end']);
  });

  it('are begun once, however often they are started', async () => {
    await open({ concurrency: 0 });
    const { id } = await add('first', { steps: 30 });
    const runJob = fileURLToPath(new URL('./run-job.ts', import.meta.url));
    const [node = '', flag = '', program = ''] = fakeProgram;
    const started = () => {
      const child = spawn(node, [flag, runJob, folderOf(id), program], {
        stdio: 'ignore',
      });
      return once(child, 'exit');
    };
    writeFileSync(filesOf(folderOf(id)).out, '');
    await Promise.all([started(), started(), started()]);
    await started();
    expect(said('first')).toEqual(['start', 'end']);
    expect(existsSync(filesOf(folderOf(id)).lock)).toBe(false);
    // What is not wanted is not begun either.
    const second = await add('second');
    await jobs.pause(second.id);
    const child = spawn(node, [flag, runJob, folderOf(second.id), program], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(said('second')).toEqual([]);
  });
});
