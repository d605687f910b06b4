import { env } from 'node:process';

/** For tests, loaded before the command line: TODAY=2026-01-31 makes it that day. */
const { TODAY } = env;
if (TODAY) {
  const offset = new Date(`${TODAY}T12:00:00`).getTime() - Date.now();
  const RealDate = globalThis.Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [RealDate.now() + offset] : given),
  });
}
