import { type FineTuneOptions, type FineTuneResult, fineTune } from './fine-tune.ts';
import type { TrainingEvent } from './training/events.ts';

/** What happens, for one reader, and what comes of it. */
export interface EventStream<Event, Result> extends AsyncIterable<Event> {
  /** Rejects with the error that also ends the iteration, so a program may look at either. */
  readonly result: Promise<Result>;
}

/**
 * `fineTune` whose events are iterated over. Training begins at once and waits for nobody: what is not yet read waits in memory, a few hundred bytes an event.
 * Leaving the loop (`break`, `return`, an error in it) aborts the run, which saves a checkpoint when it has made a
 * step; the loop is left when that is done, and `result` rejects with the abort's reason.
 * @example
 * ```ts
 * import { fineTuneEvents, plain } from '@counterweight/core';
 *
 * const training = fineTuneEvents({ recipe: plain(), model: 'org/name', data: 'train.jsonl', output: 'runs/first' });
 * for await (const event of training) {
 *   if (event.type === 'step') console.log(event.metrics.step, event.metrics.loss);
 * }
 * const { run } = await training.result;
 * ```
 */
export const fineTuneEvents = <Row>(options: FineTuneOptions<Row>): EventStream<TrainingEvent, FineTuneResult> =>
  streamEvents((onEvent, left) => {
    const signal = options.signal ? AbortSignal.any([options.signal, left]) : left;
    const both = (event: TrainingEvent) => {
      options.onEvent?.(event);
      onEvent(event);
    };
    return fineTune({ ...options, signal, onEvent: both });
  });

/** Starts work that tells events by a callback. @param start its signal aborts when the reader leaves early */
export function streamEvents<Event, Result>(
  start: (onEvent: (event: Event) => void, left: AbortSignal) => Promise<Result>,
): EventStream<Event, Result> {
  const leaving = new AbortController();
  const waiting: Event[] = [];
  let wake = () => {};
  let ended = false;
  const result = start((event) => {
    waiting.push(event);
    wake();
  }, leaving.signal);
  const end = () => {
    ended = true;
    wake();
  };
  // Also for those who only iterate: an error is theirs through the iteration.
  result.then(end, end);

  async function* read(): AsyncGenerator<Event> {
    let readAll = false;
    try {
      for (;;) {
        yield* waiting.splice(0);
        if (ended && waiting.length === 0) break;
        if (waiting.length > 0) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      readAll = true;
    } finally {
      if (!readAll) leaving.abort(new Error('The reader of the events has left.'));
      await result.catch(() => {});
    }
    await result;
  }
  const events = read();
  return { result, [Symbol.asyncIterator]: () => events };
}
