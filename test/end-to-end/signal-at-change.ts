import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * For tests, loaded before the command line: SIGNAL_AT=`rename:checkpoints/step-000004` sends the SIGNALS before that change
 * of a file, the first time that it comes, and lets it go on when they have been heard.
 */
const { SIGNAL_AT = '', SIGNALS = '' } = process.env;
const [operation, ...rest] = SIGNAL_AT.split(':');
const place = rest.join(':');
let isDue = operation !== '';

const heard = (signal: NodeJS.Signals) =>
  new Promise<void>((resolve) => {
    // Who waits for a signal only is not kept alive.
    const alive = setInterval(() => {}, 1000);
    process.once(signal, () => {
      clearInterval(alive);
      setImmediate(resolve);
    });
    process.kill(process.pid, signal);
  });

async function before(name: string, path: unknown): Promise<void> {
  if (!isDue || name !== operation || !String(path).includes(place)) return;
  isDue = false;
  for (const signal of SIGNALS.split(',')) await heard(signal as NodeJS.Signals);
}

const functions = fs as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
for (const name of ['open', 'writeFile', 'rename', 'copyFile']) {
  const original = functions[name] as (...args: unknown[]) => Promise<unknown>;
  functions[name] = async (...args) => {
    await before(name, args[0]);
    return original(...args);
  };
}
syncBuiltinESMExports();
