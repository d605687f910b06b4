import type { Command } from './command.ts';
import type { Core } from './core.ts';
import { run } from './run.ts';

/** For tests: a command line from end to end with a core of the test's own, and what it wrote. */
export async function runWith(
  commands: readonly Command[],
  argv: readonly string[],
  { core = {}, cwd = process.cwd(), env = {}, signal = new AbortController().signal }: Partial<TestWorld> = {},
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const stdout = memoryStream();
  const stderr = memoryStream();
  const exitCode = await run(argv, commands, {
    stdout,
    stderr,
    env,
    cwd,
    version: '1.2.3',
    core: core as Core,
    signal,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

export interface TestWorld {
  readonly core: Partial<Core>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A stream that remembers what was written. */
export function memoryStream({ isTTY = false, columns = 80 } = {}) {
  const parts: string[] = [];
  return { isTTY, columns, write: (text: string) => void parts.push(text), text: () => parts.join('') };
}

/** The object that `--json` printed. */
export const lastJson = (stdout: string): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
