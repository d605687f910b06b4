import type { Evaluation, StepMetrics, TrainingEvent } from '@counterweight/core';
import { count, nats } from './format.ts';
import { type Progress, startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Follows a run: draws what happens, and keeps what the end wants to tell. */
export interface TrainingWatcher {
  onEvent(event: TrainingEvent): void;
  /** By optimizer step; 0 is before training. */
  readonly evaluations: ReadonlyMap<number, Evaluation>;
  /** The newest step that was made, if any. */
  lastStep(): StepMetrics | undefined;
  hasCheckpoint(): boolean;
  /** The model is there, and the first step may have been made: from here on something may have to be saved. */
  hasBegun(): boolean;
  end(): void;
}

export function watchTraining(
  terminal: Terminal,
  onStart: (event: TrainingEvent & { type: 'start' }) => void,
): TrainingWatcher {
  const evaluations = new Map<number, Evaluation>();
  let last: StepMetrics | undefined;
  let checkpoints = 0;
  let begun = false;
  let steps: Progress | undefined;
  let evaluating: Progress | undefined;
  const endEvaluating = () => {
    evaluating?.end();
    evaluating = undefined;
  };
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
        evaluating ??= startProgress('evaluating', terminal);
        evaluating.update(event.done, event.of);
      }
      if (event.type === 'evaluation') {
        endEvaluating();
        evaluations.set(event.step, event.evaluation);
        terminal.note(evaluationLine(event.step, event.evaluation));
      }
      if (event.type === 'learning-rate-lowered') {
        terminal.note(
          `step ${event.step}  no improvement: the learning rate is ${event.factor} of its schedule's from here on`,
        );
      }
      if (event.type === 'early-stop') {
        const { step, metric, best } = event;
        const kept = best ? `; the best ${metric} was ${nats(best.value)}, after step ${best.step}` : '';
        terminal.note(`step ${step}  no improvement for as long as patience lasts: the run ends early${kept}`);
      }
      if (event.type === 'surprises') {
        for (const line of surpriseLines(event)) terminal.note(line);
      }
      if (event.type === 'checkpoint') {
        checkpoints++;
        terminal.note(`step ${event.step}  checkpoint in ${event.folder}`);
      }
      const trouble = troubleOf(event);
      if (trouble !== undefined) {
        endEvaluating();
        terminal.note(trouble);
      }
    },
    evaluations,
    lastStep: () => last,
    hasBegun: () => begun,
    hasCheckpoint: () => checkpoints > 0,
    end() {
      endEvaluating();
      steps?.end();
    },
  };
}

/** What went wrong without ending the run, or was found when it was resumed. */
function troubleOf(event: TrainingEvent): string | undefined {
  if (event.type === 'evaluation-failed') {
    return `step ${event.step}  the evaluation failed, and the run goes on without: ${event.message}`;
  }
  if (event.type === 'checkpoint-skipped') {
    return `${event.folder} is not used; the run goes on with what is sound. ${event.message}`;
  }
  if (event.type === 'log-restored') return `${event.file} was damaged; it was restored from the checkpoint`;
  if (event.type === 'already-finished')
    return `this run is finished: all ${count(event.steps)} steps were made before`;
  if (event.type !== 'saving-failed') return undefined;
  const { path, message, secondsLeft } = event;
  const next = secondsLeft === null ? 'the run goes on without' : `tried again for ${count(secondsLeft)} s: make room`;
  return `could not write ${path}: ${message} (${next})`;
}

/** Step by step with the same width, so that the eye can follow a number. */
function stepDetails({ loss, promptLoss, completionLoss, tokensPerSecond, skipped }: StepMetrics): string {
  const losses = [`loss ${nats(loss)}`, `prompt ${nats(promptLoss)}`, `completion ${nats(completionLoss)}`];
  return [...losses, `${count(tokensPerSecond).padStart(6)} tokens/s`, ...(skipped ? ['skipped'] : [])].join('  ');
}

function evaluationLine(step: number, { completionLoss, metrics }: Evaluation): string {
  const numbers = Object.entries(metrics).map(([name, value]) => `${name} ${nats(value)}`);
  const when = step === 0 ? 'before training' : `step ${step}`;
  return [`${when}  evaluation: completion loss ${nats(completionLoss)}`, ...numbers].join('  ');
}

/** Parameters named, at most. */
const NAMED = 5;

/** What a training should have changed and did not, and what it should not have changed. */
function surpriseLines({ unmoved, frozenMoved }: TrainingEvent & { type: 'surprises' }): string[] {
  const named = (names: readonly string[]) =>
    `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;
  return [
    ...(unmoved.length > 0 ? [`warning: trained, and not changed by it: ${named(unmoved)}`] : []),
    ...(frozenMoved.length > 0 ? [`warning: frozen, and changed all the same: ${named(frozenMoved)}`] : []),
  ];
}
