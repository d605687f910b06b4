import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Jobs } from '../jobs/open-jobs.ts';

/** An open page hears at least this often that the studio is there. */
const HEARTBEAT_MS = 15_000;

/** Which jobs change, by id, as server-sent events; what has changed the page asks for by itself. */
export const streamChanges = (c: Context, jobs: Jobs): Response =>
  streamSSE(c, async (stream) => {
    const changed = new Set<string>();
    let wake = () => {};
    const leave = jobs.onChange((id) => {
      changed.add(id);
      wake();
    });
    let open = true;
    stream.onAbort(() => {
      open = false;
      leave();
      wake();
    });
    await stream.writeSSE({ event: 'hello', data: '' });
    while (open) {
      if (changed.size === 0) await sleepUntil((woken) => (wake = woken), HEARTBEAT_MS);
      const ids = [...changed];
      changed.clear();
      await stream.writeSSE(
        ids.length > 0 ? { event: 'change', data: JSON.stringify(ids) } : { event: 'alive', data: '' },
      );
    }
  });

function sleepUntil(onWake: (wake: () => void) => void, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    onWake(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
