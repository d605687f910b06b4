import type { SweepEvent, Trial } from '@counterweight/core';
import { count, duration, nats, short } from './format.ts';
import { startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Follows a sweep: a line a trial, and one bar for all of them. */
export function watchSweep(terminal: Terminal, { trials, done }: { readonly trials: number; readonly done: number }) {
  const progress = startProgress('trials', terminal, { doneBefore: done });
  let finished = done;
  const update = (trial?: string) => progress.update(finished, trials, trial);
  return {
    onEvent(event: SweepEvent): void {
      if (event.type === 'trial-step')
        update(`${inWords(event.trial)}, step ${count(event.step)}/${count(event.steps)}`);
      if (event.type === 'trial-done') {
        finished++;
        terminal.note(`${inWords(event.trial)}  ${outcomesInWords(event.validation)}  ${duration(event.seconds)}`);
        update();
      }
      if (event.type === 'trial-failed') {
        finished++;
        terminal.note(`${inWords(event.trial)}  failed: ${event.message.split('\n')[0]}`);
        update();
      }
      if (event.type === 'tuned') {
        for (const { point, learningRate } of event.rates) {
          terminal.note(`${settingsInWords(point)}: learning rate ${short(learningRate ?? Number.NaN)}`);
        }
      }
    },
    end: progress.end,
  };
}

export const inWords = ({ settings, seed, stage }: Trial): string =>
  `${settingsInWords(settings)}${stage === 'tune' ? ', tuning' : `, seed ${seed}`}`;

const settingsInWords = ({ promptLossWeight, ...others }: Trial['settings']): string =>
  [
    `weight ${short(Number(promptLossWeight))}`,
    ...Object.entries(others).map(([name, value]) => `${name} ${typeof value === 'number' ? short(value) : value}`),
  ].join(', ');

/** On the rows that choose: those that report stay unseen until the end. */
function outcomesInWords({ completionLoss, promptLoss, cutShare: _, ...metrics }: Readonly<Record<string, number>>) {
  const shown = Object.entries(metrics).slice(0, 2);
  const losses: (readonly [string, number | undefined])[] = [
    ['completion', completionLoss],
    ['prompt', promptLoss],
  ];
  return [...shown, ...losses].map(([name, value]) => `${name} ${nats(value)}`).join('  ');
}
