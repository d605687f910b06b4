import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job, Notes } from '../executor.ts';

/** What a task has noted. */
export interface TaskLine {
  readonly item: string;
  readonly event: 'begins' | 'ends' | 'fails' | 'told to end';
  readonly word?: string;
}

/** A job whose notes can be lost, as by a launcher that was killed before it had written them. */
export interface TestJob extends Job {
  forget(): void;
}

/** Notes of a launch that one process has. */
export function notesInMemory(): Notes & { forget(): void } {
  const notes = new Map<string, string>();
  return {
    read: (name) => notes.get(name),
    write: async (name, text) => void notes.set(name, text),
    forget: () => notes.clear(),
  };
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
    newJob(items: readonly string[], atOnce = items.length): TestJob {
      const folder = join(root, `a folder, ${++jobs}`);
      mkdirSync(folder);
      const id = `counterweight-test-${process.pid}-${Date.now().toString(36)}-${jobs}`;
      const command = [process.execPath, '--no-warnings', task, folder];
      const notes = notesInMemory();
      const env = { WORD: `it's ${jobs}` };
      return { id, command, items, atOnce, folder, isShared: true, notes, env, forget: notes.forget };
    },
    linesOf,
    begun: (job: Job) => linesOf(job).filter(({ event }) => event === 'begins'),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}
