import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

export interface StudioProcess {
  /** With its token. */
  readonly address: string;
  /** Milliseconds until the address was printed. */
  readonly startMs: number;
  readonly pid: number;
  /** Ends it at once, without a word. */
  kill(): Promise<void>;
}

/** `counterweight studio FOLDER`, as a user starts it. */
export async function startStudio(folder: string, ...flags: readonly string[]): Promise<StudioProcess> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--no-warnings', main, 'studio', folder, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, COUNTERWEIGHT_HOME: join(folder, '.home') },
  });
  const address = await firstLine(child);
  return {
    address,
    startMs: performance.now() - began,
    pid: child.pid as number,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout?.setEncoding('utf8') ?? []) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('The studio ended before it said where it is.');
}
