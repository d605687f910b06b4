import { spawn } from 'node:child_process';

/** Something that whoever builds can mend: what is wrong, and the fix. */
export class BuildError extends Error {
  constructor(problem: string, fix: string) {
    super(`${problem}\n  fix: ${fix}`);
    this.name = 'BuildError';
  }
}

/** A program with the arguments that always come first: `zig c++`. */
export type Tool = readonly [string, ...string[]];

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to standard output.
 * @throws {Error} with all that it wrote, when it does not exit with 0.
 */
export async function runTool(
  [program, ...first]: Tool,
  args: readonly string[],
  options: { readonly folder: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<string> {
  const child = spawn(program, [...first, ...args], {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`${[program, ...first, ...args].join(' ')}\n${log}${output}`);
  return output;
}

export async function toolWorks(tool: Tool, args: readonly string[]): Promise<boolean> {
  try {
    await runTool(tool, args, { folder: '.' });
    return true;
  } catch {
    return false;
  }
}
