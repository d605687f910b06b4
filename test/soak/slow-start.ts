/** Loaded before a job's process does anything: a studio can be killed, and the next be there, before it has taken its job. */
import { setTimeout as sleep } from 'node:timers/promises';

await sleep(Math.random() * 2000);
