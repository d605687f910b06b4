import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job } from '../executor.ts';

/** What a task has noted. */
export interface TaskLine {
  readonly item: string;
  readonly event: 'begins' | 'ends' | 'fails' | 'told to end';
  readonly word?: string;
}

/** Jobs of tasks that note what they do. */
export function testJobs() {
  const task = fileURLToPath(new URL('./task.ts', import.meta.url));
  const root = mkdtempSync(join(tmpdir(), 'counterweight-executor-'));
  let jobs = 0;
  const linesOf = ({ folder }: Job): TaskLine[] => {
    const log = join(folder, 'log');
    if (!existsSync(log)) return [];
    return readFileSync(log, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as TaskLine]));
  };
  return {
    newJob(items: readonly string[], atOnce = items.length): Job {
      const folder = join(root, `a folder, ${++jobs}`);
      mkdirSync(folder);
      const id = `counterweight-test-${process.pid}-${Date.now().toString(36)}-${jobs}`;
      const command = [process.execPath, '--no-warnings', task, folder];
      return { id, command, items, atOnce, folder, env: { WORD: `it's ${jobs}` } };
    },
    linesOf,
    begun: (job: Job) => linesOf(job).filter(({ event }) => event === 'begins'),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}
