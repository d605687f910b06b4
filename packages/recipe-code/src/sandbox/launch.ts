import { fork } from 'node:child_process';
import { launcherUrl } from '../harness.ts';
import type { LaunchAnswer, LaunchRequest } from './launcher.ts';
import type { ExecutionLimits } from './limits.ts';
import type { Ending, Launch } from './supervise.ts';

interface Launcher {
  ask(launch: Launch, limits: ExecutionLimits): Promise<Ending>;
}

let launcher: Launcher | undefined;

/**
 * Starts a process as `supervise` does, from a small process that all runners share: to start one, a process copies the
 * tables of its memory and stands still meanwhile, 40 ms for each gigabyte, and ours holds a model.
 * @throws {Error} where it can't be started
 */
export function launch(what: Launch, limits: ExecutionLimits): Promise<Ending> {
  launcher ??= openLauncher();
  return launcher.ask(what, limits);
}

function openLauncher(): Launcher {
  const waiting = new Map<number, { resolve(ending: Ending): void; reject(error: Error): void }>();
  let asked = 0;
  const child = fork(launcherUrl, {
    cwd: '/',
    // What programs could read of it.
    env: {},
    execArgv: ['--no-warnings'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // It keeps nobody from ending, unless something is asked.
  child.unref();
  child.channel?.unref();
  const settled = (id: number) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) child.channel?.unref();
    return one;
  };
  child.on('message', (answer: LaunchAnswer) => {
    const one = settled(answer.id);
    if ('ending' in answer) one?.resolve(answer.ending);
    else one?.reject(new Error(answer.problem));
  });
  const ended = (why: string) => {
    launcher = undefined;
    const error = new Error(`The process that starts programs has ended: ${why}.`);
    for (const id of [...waiting.keys()]) settled(id)?.reject(error);
  };
  child.on('error', ({ message }) => ended(message));
  child.on('exit', (code, signal) => ended(`${signal ?? code}`));
  return {
    ask: (what, limits) =>
      new Promise((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        child.channel?.ref();
        const request: LaunchRequest = { id, launch: what, limits };
        child.send(request, (error) => error && settled(id)?.reject(error));
      }),
  };
}
