import type { StepMetrics, TrainingEvent } from '@counterweight/core';
import { watchEvaluation } from './evaluation-progress.ts';
import { count, nats } from './format.ts';
import { type Progress, startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { noteOf } from './training-notes.ts';

/** Follows a run: draws what happens, and knows how far it came. */
export interface TrainingWatcher {
  onEvent(event: TrainingEvent): void;
  /** The newest step that was made, if any. */
  lastStep(): StepMetrics | undefined;
  /** A checkpoint, or the result. */
  hasSaved(): boolean;
  /** The model is there, and the first step may have been made: from here on something may have to be saved. */
  hasBegun(): boolean;
  end(): void;
}

export function watchTraining(
  terminal: Terminal,
  onStart: (event: TrainingEvent & { type: 'start' }) => void,
): TrainingWatcher {
  let last: StepMetrics | undefined;
  let saved = 0;
  let begun = false;
  let steps: Progress | undefined;
  const evaluating = watchEvaluation(terminal);
  return {
    onEvent(event) {
      if (event.type === 'start') {
        begun = true;
        onStart(event);
      }
      if (event.type === 'step') {
        last = event.metrics;
        steps ??= startProgress('step', terminal, { doneBefore: last.step });
        steps.update(last.step, event.steps, stepDetails(last));
      }
      if (event.type === 'evaluation-progress') {
        evaluating.update(event.done, event.of, event.part);
      }
      if (event.type === 'evaluation' || event.type === 'evaluation-failed') evaluating.end();
      if (event.type === 'checkpoint' || event.type === 'saved') saved++;
      const note = noteOf(event);
      if (note !== undefined) terminal.note(note);
    },
    lastStep: () => last,
    hasBegun: () => begun,
    hasSaved: () => saved > 0,
    end() {
      evaluating.end();
      steps?.end();
    },
  };
}

/** Step by step with the same width, so that the eye can follow a number. */
function stepDetails({ loss, promptLoss, completionLoss, tokensPerSecond, skipped }: StepMetrics): string {
  const losses = [`loss ${nats(loss)}`, `prompt ${nats(promptLoss)}`, `completion ${nats(completionLoss)}`];
  return [...losses, `${count(tokensPerSecond).padStart(6)} tokens/s`, ...(skipped ? ['skipped'] : [])].join('  ');
}
