import type { TrainingEvent } from '../training/events.ts';
import type { TrackedEnd, TrackedRun, Tracker } from './tracker.ts';

/** How long the end of a run waits for its trackers. */
const PATIENCE_MS = { finished: 30_000, stopped: 5_000, failed: 5_000 } as const;

/** Tells trackers what happens, beside whoever else hears the events. */
export interface Tracking {
  /** What came before is told after this. */
  begin(run: TrackedRun): void;
  /** Undefined where nobody listens. */
  readonly onEvent: ((event: TrainingEvent) => void) | undefined;
  /** Resolves when all have been told, or have taken too long. */
  end(end: TrackedEnd): Promise<void>;
}

interface TrackingOptions {
  readonly trackers?: readonly Tracker[] | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

export function startTracking({ trackers = [], onEvent }: TrackingOptions): Tracking {
  let start = (_: TrackedRun) => {};
  const begun = new Promise<TrackedRun>((resolve) => {
    start = resolve;
  });
  let isBegun = false;
  const all = trackers.map((tracker) => tellOne(tracker, begun, onEvent));
  const tellAll = (event: TrainingEvent) => {
    onEvent?.(event);
    for (const one of all) one.tell((tracker) => tracker.onEvent(event));
  };
  return {
    begin(run) {
      isBegun = true;
      start(run);
    },
    onEvent: all.length === 0 ? onEvent : tellAll,
    async end(end) {
      // Of a run that was refused nobody has heard.
      if (isBegun) await Promise.all(all.map((one) => one.finish(end)));
    },
  };
}

/** One tracker, which is told one thing after the other. */
function tellOne(tracker: Tracker, begun: Promise<TrackedRun>, onEvent: TrackingOptions['onEvent']) {
  let hasFailed = false;
  const failed = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const isFirst = !hasFailed;
    hasFailed = true;
    try {
      if (isFirst) onEvent?.({ type: 'tracker-failed', tracker: tracker.name, message });
    } catch {
      // Who cannot hear of it has nobody to be told: this is beside the training.
    }
    return false;
  };
  const isOpen = begun.then(async (run) => tracker.begin(run)).then(() => true, failed);
  let told: Promise<unknown> = isOpen;
  const tell = (one: (tracker: Tracker) => unknown) => {
    told = told.then(async () => ((await isOpen) ? one(tracker) : undefined)).catch(failed);
    return told;
  };
  return {
    tell,
    async finish(end: TrackedEnd) {
      const patience = PATIENCE_MS[end.status];
      let timer: NodeJS.Timeout | undefined;
      const tired = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          failed(new Error(`It has not taken all in after ${patience / 1000} s.`));
          resolve();
        }, patience);
      });
      await Promise.race([tell(() => tracker.end(end)), tired]);
      clearTimeout(timer);
    },
  };
}
