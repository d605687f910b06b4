import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const model = at('models/stories260k');
export const trainingRows = at('packages/recipe-support/fixtures/banking77-train.csv');
export const evaluationRows = at('packages/recipe-support/fixtures/banking77-eval.csv');

export const newFolder = () => mkdtempSync(join(tmpdir(), 'counterweight-test-'));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output, read as JSON. */
  readonly json: () => Record<string, unknown>;
}

interface Watched {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each whole line of standard output as it comes, and what sends signals to the process. */
  readonly onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the command line as a user would, in a process of its own. */
export const counterweight = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  watchCounterweight(args, { env });

/** The same, looked at while it runs. */
export async function watchCounterweight(args: readonly string[], { env = {}, onLine }: Watched): Promise<Outcome> {
  const child = spawn(process.execPath, [at('packages/cli/src/main.ts'), ...args], {
    cwd: at('.'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const whole = stdout.split('\n').slice(0, -1);
    for (const line of whole.slice(seen)) onLine?.(line, (signal) => child.kill(signal));
    seen = whole.length;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, stdout, stderr, json: () => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') };
}

/** The lines of a JSONL file. */
export const readLines = (file: string): Record<string, number>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
