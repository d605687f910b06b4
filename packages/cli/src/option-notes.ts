import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { flagName } from './flags.ts';
import type { trainOptions } from './options.ts';

type Options = ReturnType<(typeof trainOptions)['parse']>;

/** Options that only say how and when rows are evaluated on. */
const evaluation = ['evaluateEvery', 'evaluateAtStart', 'maxEvalRows', 'evaluateLossesOnly'];
/** Options of adapters, which a training of every weight has none of. */
const adapters = [
  'loraRank',
  'loraAlpha',
  'loraTargets',
  'rsLora',
  'loraPlusRatio',
  'loraDropout',
  'dora',
  'modulesToSave',
];

/** What was asked for and will change nothing, or is probably not what was meant: no mistakes, but worth a line. */
export function trainingNotes(options: Options, given: ReadonlySet<string>, cwd: string): string[] {
  const { method, data, evalData, evalSplit, evaluateEvery, keep } = options;
  const hasEvaluation = evalData !== undefined || evalSplit !== undefined;
  const idle = [
    ...(hasEvaluation
      ? []
      : without(evaluation, given, 'there are no rows to evaluate on (--eval-data, --eval-split)')),
    ...(hasEvaluation && evaluateEvery === undefined
      ? without(
          ['earlyStoppingPatience', 'plateauPatience', ...(keep === 'best' ? ['keep'] : [])],
          given,
          'there is one evaluation, at the end; --evaluate-every N or epoch makes more',
        )
      : []),
    ...(method === 'full' ? without(adapters, given, '--method full trains every weight, without adapters') : []),
  ];
  const trained = new Set(data.map((file) => realPath(file, cwd)));
  const both = (evalData ?? []).filter((file) => trained.has(realPath(file, cwd)));
  return [
    ...idle,
    ...both.map((file) => `${file} is in both --data and --eval-data: what is evaluated on was trained on`),
  ];
}

function without(names: readonly string[], given: ReadonlySet<string>, reason: string): string[] {
  const idle = names.filter((name) => given.has(name)).map(flagName);
  return idle.length === 0 ? [] : [`${idle.join(', ')} ${idle.length === 1 ? 'changes' : 'change'} nothing: ${reason}`];
}

function realPath(file: string, cwd: string): string {
  try {
    return realpathSync(resolve(cwd, file));
  } catch {
    return resolve(cwd, file);
  }
}

/** Of sampling that takes the likeliest token every time. */
export function samplingNotes(temperature: number | undefined, given: ReadonlySet<string>): string[] {
  const reason = 'without --temperature the likeliest token is taken every time';
  return temperature ? [] : without(['topK', 'topP', 'seed'], given, reason);
}

/** What is asked for every so many steps of a run that is shorter: it comes at its end only. */
export function neverReached(
  { evaluateEvery, checkpointEvery }: Pick<Options, 'evaluateEvery' | 'checkpointEvery'>,
  steps: number,
): string[] {
  const rhythms = [
    ['--evaluate-every', evaluateEvery],
    ['--checkpoint-every', checkpointEvery],
  ] as const;
  return rhythms.flatMap(([flag, every]) =>
    typeof every === 'number' && every > steps
      ? [`${flag} ${every} is never reached: the run has ${steps} ${steps === 1 ? 'step' : 'steps'}`]
      : [],
  );
}
