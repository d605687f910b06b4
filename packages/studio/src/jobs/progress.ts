import type { TrainingEvent } from '@counterweight/core';
import type { JobProgress } from './job.ts';

/** So many steps say how long one takes. */
const RECENT = 50;

/** Follows the events of a run. */
export interface ProgressMeter {
  /** A line of events.jsonl; what is no event tells nothing. */
  read(line: string): void;
  /** Undefined before the first step. */
  progress(): JobProgress | undefined;
}

export function openProgressMeter(): ProgressMeter {
  let last: (TrainingEvent & { type: 'step' }) | undefined;
  let evaluating: JobProgress['evaluating'];
  const seconds: number[] = [];
  return {
    read(line) {
      const event = parse(line);
      if (!event) return;
      evaluating =
        event.type === 'evaluation-progress' ? { part: event.part, done: event.done, of: event.of } : undefined;
      if (event.type !== 'step') return;
      last = event;
      seconds.push(event.metrics.stepSeconds);
      if (seconds.length > RECENT) seconds.shift();
    },
    progress() {
      if (!last) return undefined;
      const { steps, metrics } = last;
      const { step, loss, completionLoss, tokensPerSecond, residentBytes } = metrics;
      return {
        ...{ step, steps, loss, completionLoss, tokensPerSecond, residentBytes },
        secondsLeft: medianOf(seconds) * (steps - step),
        ...(evaluating && { evaluating }),
      };
    },
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const lower = Math.ceil(sorted.length / 2) - 1;
  return ((sorted[lower] as number) + (sorted[upper] as number)) / 2;
}

function parse(line: string): TrainingEvent | undefined {
  try {
    return (JSON.parse(line) ?? undefined) as TrainingEvent | undefined;
  } catch {
    return undefined;
  }
}
