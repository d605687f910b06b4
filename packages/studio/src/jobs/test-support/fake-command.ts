/**
 * Behaves as the command line does, as far as jobs see it, and takes as long as it is told to: `steps` of `stepMs`. It says in
 * the file `log` when it starts and how it ends. `fails`: with this message; `crashes`: without a word, once.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FakeOptions {
  readonly log: string;
  readonly steps?: number;
  readonly stepMs?: number;
  readonly fails?: string;
  readonly crashes?: boolean;
}

/** A line of the log. */
export interface FakeLine {
  readonly output: string;
  readonly pid: number;
  readonly what: 'start' | 'stop' | 'end';
}

const argv = process.argv.slice(2);
const valueAfter = (flag: string): string | undefined =>
  argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : undefined;
const config = valueAfter('--config');
const { log, steps, stepMs, fails, crashes } = {
  ...{ steps: 3, stepMs: 10, fails: undefined, crashes: false },
  ...(config === undefined ? { log: valueAfter('--log') } : (JSON.parse(readFileSync(config, 'utf8')) as FakeOptions)),
};
const output = valueAfter('--output') ?? '';
const say = (what: FakeLine['what']) =>
  appendFileSync(log ?? '', `${JSON.stringify({ output, pid: process.pid, what } satisfies FakeLine)}\n`);
const finish = (value: object, code: number) => {
  console.log(JSON.stringify(value));
  process.exit(code);
};

say('start');
const [run, reached] = [join(output, 'run.json'), join(output, 'step')];
const goesOn = argv.includes('--resume') || argv[0] !== 'train';
if (existsSync(output) && !goesOn) finish({ error: { code: 'run-folder-in-use', message: 'Not empty.' } }, 2);
mkdirSync(output, { recursive: true });
writeFileSync(run, '{}');
process.on('SIGTERM', () => {
  say('stop');
  finish({ error: { code: 'interrupted', message: 'Stopped.' } }, 143);
});
if (crashes && !goesOn) process.kill(process.pid, 'SIGKILL');
if (fails !== undefined) finish({ error: { code: 'option-invalid', message: fails } }, 2);
for (let step = existsSync(reached) ? Number(readFileSync(reached, 'utf8')) : 1; step <= steps; step++) {
  await sleep(stepMs);
  const metrics = { step, loss: 1 / step, completionLoss: 1 / step, stepSeconds: stepMs / 1000 };
  const event = { type: 'step', steps, metrics: { ...metrics, tokensPerSecond: 100, residentBytes: 1e6 } };
  const events = valueAfter('--events');
  if (events !== undefined) appendFileSync(events, `${JSON.stringify(event)}\n`);
  writeFileSync(reached, String(step + 1));
}
say('end');
finish({ run: output, steps }, 0);
