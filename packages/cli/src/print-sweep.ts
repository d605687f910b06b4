import type { SweepPlan, SweepReport } from '@counterweight/core';
import type { Context } from './command.ts';
import { quoted } from './describe-training.ts';
import { PartlyFailed } from './exit.ts';
import { flagsOf, flagWithValue } from './flags.ts';
import { trainOptions } from './options.ts';
import type { SweepCommand } from './sweep-core-options.ts';
import type { SweepPlace } from './sweep-place.ts';
import { inWords } from './watch-sweep.ts';

/** What `sweep --json` prints. */
export interface SweepResult {
  readonly sweep: string;
  readonly trials: number;
  readonly failed: readonly { readonly trial: string; readonly message: string }[];
  readonly recommended: { readonly promptLossWeight: number; readonly interval: readonly [number, number] } | null;
  readonly verdicts: readonly {
    readonly claim: string;
    readonly verdict: string;
    readonly effect: number | null;
    readonly interval: readonly [number, number] | null;
  }[];
}

/** Analyses what is in the folder, writes it there, and prints it. @throws {PartlyFailed} where trials failed */
export async function printSweep(
  { name, folder, stored }: SweepPlace,
  { core, terminal }: Context,
): Promise<SweepResult> {
  const { analysis, lines, progress, recommended: settings } = await core.reportSweep(folder);
  await stored?.pushReport();
  for (const line of lines) terminal.print(`${line}\n`);
  const { recommended, claims } = analysis;
  const command = settings && trainCommand(progress.plan, settings);
  if (command) terminal.print(`\nTrain with it:\n  ${command}\n`);
  terminal.print(`\nAll of it: ${folder}/report.html\n`);
  const failed = progress.failed.map(({ trial, message }) => ({ trial: trial.id, message }));
  const result: SweepResult = {
    sweep: name,
    trials: progress.done.length + failed.length,
    failed,
    recommended: recommended && {
      promptLossWeight: recommended.promptLossWeight,
      interval: recommended.interval,
    },
    verdicts: claims.map(({ claim, verdict, effect, interval }) => ({ claim, verdict, effect, interval })),
  };
  if (failed.length === 0) return result;
  const what = failed.length === 1 ? 'A trial' : `${failed.length} trials`;
  const named = progress.failed.map(({ trial, message }) => `\n  ${inWords(trial)}: ${message.split('\n')[0]}`);
  throw new PartlyFailed(`${what} failed:${named.join('')}`, { ...result });
}

/** What only a sweep takes is not among them: a training has one weight, and one value of what was varied. */
const trainFlags = new Map(flagsOf(trainOptions).map((flag) => [flag.name, flag]));

/** The command line that trains with what was found, as the sweep was given; none of a sweep that a program has planned. */
export function trainCommand(
  { command, evalSplit }: Pick<SweepPlan, 'command' | 'evalSplit'>,
  settings: NonNullable<SweepReport['recommended']>,
): string | undefined {
  const { options } = (command ?? {}) as Partial<SweepCommand>;
  if (!options) return undefined;
  const { output: _, ...kept } = options;
  const words = Object.entries({ ...kept, evalSplit, ...settings }).flatMap(([name, value]) => {
    const flag = trainFlags.get(name);
    return flag && value !== undefined ? flagWithValue(flag, value) : [];
  });
  return ['counterweight train', ...words.map(quoted)].join(' ');
}
