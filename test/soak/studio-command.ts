/** The command line, or what behaves like it, in one program; of both the same log tells when they start and how they end. */
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { argv } = process;
const output = argv[argv.indexOf('--output') + 1] ?? '';
const isReal = Number(output.split(/[\\/]/).at(-1)) % 8 === 3;
if (isReal) {
  const log = join(dirname(dirname(output)), 'log');
  const say = (what: string) => appendFileSync(log, `${JSON.stringify({ output, pid: process.pid, what })}\n`);
  say('start');
  process.once('exit', (code) => say(code === 0 ? 'end' : 'stop'));
  // Nothing imports the command line: it is a program.
  await import(new URL('../../packages/cli/src/main.ts', import.meta.url).href);
} else await import('../../packages/studio/src/jobs/test-support/fake-command.ts');
