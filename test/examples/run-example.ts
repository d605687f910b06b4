import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const at = (name: string): string => fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url));

/** The engine that every machine has. */
const env = { ...process.env, COUNTERWEIGHT_ENGINE: 'wasm' };

/** Runs an example as a reader would, without arguments. @returns what it printed */
export function printedBy(name: string): string {
  const ran = spawnSync(process.execPath, [at(name)], { encoding: 'utf8', env });
  expect(ran.status, ran.stderr).toBe(0);
  return ran.stdout;
}

/** What is printed of a measure: before the training and after it. */
export function changeIn(printed: string, measure: string): [before: number, after: number] {
  const [, before, after] = printed.match(new RegExp(`^${measure}: (\\S+) → (\\S+)`, 'm')) ?? [];
  return [Number(before), Number(after)];
}

/** Starts an example that serves. @returns its process and its address, once it has printed that */
export async function served(name: string): Promise<{ server: ChildProcess; address: string }> {
  const server = spawn(process.execPath, [at(name)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const piece of server.stdout) {
    printed += piece;
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
    if (address !== undefined) return { server, address };
  }
  throw new Error(`It ended without an address: ${printed}`);
}

/** Ends it as Ctrl-C does. @returns its exit code */
export async function ended(server: ChildProcess): Promise<number | null> {
  const exit = once(server, 'exit');
  server.kill('SIGINT');
  const [code] = (await exit) as [number | null];
  return code;
}
