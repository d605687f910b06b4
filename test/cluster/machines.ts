import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { counterweight } from './sweep-task.ts';

const [node = '', ...program] = counterweight;

export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** The command line as on machines of their own, which know nothing of each other: what one has the other has to fetch. */
export function machinesIn(folder: string, env: Readonly<Record<string, string>>) {
  return {
    start: (machine: string, args: readonly string[]): ChildProcess =>
      spawn(node, [...program, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...env, COUNTERWEIGHT_HOME: join(folder, machine), COUNTERWEIGHT_THREADS: '1' },
      }),
    async done(child: ChildProcess): Promise<Ended> {
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, said };
    },
  };
}
