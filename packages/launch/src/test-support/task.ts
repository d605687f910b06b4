/** `node task.ts FOLDER ITEM`: a task that says in FOLDER/log when it begins, and does what the first word of its item says. */
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskLine } from './test-jobs.ts';

const [folder = '', item = ''] = process.argv.slice(2);
const [what] = item.split(' ');
const say = (event: TaskLine['event']) =>
  appendFileSync(join(folder, 'log'), `${JSON.stringify({ item, event, word: process.env.WORD })}\n`);
const leave = (code: number, event: TaskLine['event']) => {
  say(event);
  process.exit(code);
};

for (const signal of ['SIGTERM', 'SIGUSR1']) process.on(signal, () => leave(75, 'told to end'));
say('begins');
if (what === 'fails') leave(3, 'fails');
if (what === 'crashes') process.kill(process.pid, 'SIGKILL');
// Until it may go on.
setInterval(() => existsSync(join(folder, 'go')) && leave(0, 'ends'), 50);
