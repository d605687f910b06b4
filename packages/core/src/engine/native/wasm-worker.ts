import { Worker } from 'node:worker_threads';
import { type ThreadStart, threadProgram } from './wasm-thread.ts';

/** The caller waits for a thread's part, and would for ever. */
const END = `(reason) => {
  require('node:fs').writeSync(2, reason + '\\n');
  process.kill(process.pid, 'SIGABRT');
}`;

/** Starts a thread that ends with the process, which it does not keep from ending. */
export function startThread(start: ThreadStart): void {
  // No options of this process: a loader that tests or tools use would start in every thread.
  const worker = new Worker(threadProgram("require('node:worker_threads').workerData", END), {
    eval: true,
    workerData: start,
    execArgv: [],
    env: {},
  });
  worker.unref();
}
