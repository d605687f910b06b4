import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SandboxUnavailableError } from '../sandbox/sandbox-unavailable.ts';

/** Answers one line for each line: whether the source in it, as JSON, compiles. Compiling runs nothing. */
const COMPILER = `
import json, sys, warnings
warnings.simplefilter('ignore')
for line in sys.stdin:
    try:
        compile(json.loads(line), 'program.py', 'exec')
        print('yes', flush=True)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        print('no', flush=True)
`;

/** Whether Python compiles each source. A source that ends the compiler itself does not compile. */
export async function pythonCompiles(sources: readonly string[], python: string): Promise<boolean[]> {
  const answers: boolean[] = [];
  while (answers.length < sources.length) {
    const before = answers.length;
    answers.push(...(await ask(sources.slice(before), python)));
    if (answers.length < sources.length) answers.push(false);
  }
  return answers;
}

/** As many answers as there are before the compiler ends. */
async function ask(sources: readonly string[], python: string): Promise<boolean[]> {
  const compiler = spawn(python, ['-I', '-c', COMPILER], { stdio: ['pipe', 'pipe', 'ignore'] });
  const started = once(compiler, 'spawn');
  compiler.stdin.on('error', () => {});
  await started.catch((cause: Error) => {
    throw new SandboxUnavailableError(
      `To compile Python takes Python, and "${python}" does not start: ${cause.message}.`,
      'Install Python 3, or name its interpreter with the option "python".',
    );
  });
  compiler.stdin.end(sources.map((source) => `${JSON.stringify(source)}\n`).join(''));
  const answers: boolean[] = [];
  for await (const line of createInterface({ input: compiler.stdout })) answers.push(line === 'yes');
  return answers;
}
