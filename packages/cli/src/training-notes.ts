import type { Evaluation, EvaluationEstimate, TrainingEvent } from '@counterweight/core';
import { counted, duration, nats } from './format.ts';

/** What an event is to people, as a line of its own; undefined for what a bar shows. */
export function noteOf(event: TrainingEvent): string | undefined {
  switch (event.type) {
    case 'evaluation':
      return evaluationLine(event.step, event.evaluation);
    case 'evaluation-estimate':
      return estimateLine(event);
    case 'evaluation-failed':
      return `${when(event.step)}  evaluation failed: ${event.message}`;
    case 'learning-rate-lowered':
      return `step ${event.step}  no improvement: the learning rate is ${event.factor} of its schedule's from here on`;
    case 'early-stop': {
      const { step, metric, best } = event;
      const kept = best ? `; the best ${metric} was ${nats(best.value)}, after step ${best.step}` : '';
      return `step ${step}  no improvement for as long as patience lasts: the run ends early${kept}`;
    }
    case 'checkpoint':
      return `step ${event.step}  checkpoint in ${event.folder}`;
    case 'checkpoint-skipped':
      return `note: the checkpoint in ${event.folder} is damaged, the one before is used: ${event.message}`;
    case 'log-restored':
      return `note: ${event.file} was cut, missing or changed; it is as it was at the checkpoint again`;
    case 'log-incomplete':
      return `note: ${event.file} does not have each of the ${event.steps} steps once: it was cut or changed after the run`;
    case 'no-best':
      return `note: no evaluation gave a number for ${event.metric}: the result is the model after the last step`;
    case 'saving-failed': {
      const { path, message, secondsLeft } = event;
      const then = secondsLeft === null ? 'the run goes on without' : `tried again for ${Math.ceil(secondsLeft)} s`;
      return `note: ${path} cannot be written, ${then}: ${message}`;
    }
    case 'tracker-failed':
      return `note: ${event.tracker} has not taken in all of this run, which goes on without: ${event.message}`;
    case 'saved':
      return `step ${event.step}  saved in ${event.folder}`;
    case 'already-finished':
      return `note: the run is finished, all of its ${event.steps} steps are done and saved; nothing is trained again`;
    case 'surprises':
      return surprisesInWords(event);
    case 'start':
    case 'step':
    case 'evaluation-progress':
      return undefined;
  }
}

const when = (step: number): string => (step === 0 ? 'before training' : `step ${step}`);

function evaluationLine(step: number, { completionLoss, metrics }: Evaluation): string {
  const numbers = Object.entries(metrics).map(([name, value]) => `${name} ${nats(value)}`);
  return [`${when(step)}  evaluation: completion loss ${nats(completionLoss)}`, ...numbers].join('  ');
}

/** Parameters named, at most. */
const NAMED = 5;

/** What a training should have changed and did not, and what it should not have changed. */
function surprisesInWords({ unmoved, frozenMoved }: TrainingEvent & { type: 'surprises' }): string | undefined {
  const named = (names: readonly string[]) =>
    `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;
  const lines = [
    ...(unmoved.length > 0 ? [`warning: trained, and not changed by it: ${named(unmoved)}`] : []),
    ...(frozenMoved.length > 0 ? [`warning: frozen, and changed all the same: ${named(frozenMoved)}`] : []),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** Before an evaluation takes its time. */
export const estimateLine = ({ rows, outputs, seconds }: EvaluationEstimate): string =>
  `evaluating ${counted(rows, 'row')}${outputs > 0 ? `, writing ${counted(outputs, 'output')}` : ''}: about ${duration(Math.max(1, seconds))} at most`;
