import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { Metric } from '../recipe/recipe.ts';
import type { RecipeSource } from '../recipe-loading/describe-recipe-source.ts';
import { FREE } from '../run/compare-runs.ts';
import type { RunDescription } from '../run/describe-run.ts';
import { type TrainingOptionsInput, trainingOptionsSchema } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { peakLearningRate } from '../training/schedule.ts';

/** What an option of training may be in a trial. */
export type Setting = string | number | boolean;

/** Options of training that are tried out, and the values of each. Every combination is a point of the sweep. */
export type Axes = Readonly<Record<string, readonly Setting[]>>;

/** sweep.json: all that decides what is trained and compared. */
export interface SweepPlan {
  readonly format: 1;
  readonly recipe: { readonly name: string; readonly options: unknown; readonly source?: RecipeSource };
  /** The recipe's metrics, the one that counts most first, and where better is. */
  readonly metrics: readonly Pick<Metric<never>, 'name' | 'direction'>[];
  /** What every trial has in common, as it was asked for. */
  readonly training: TrainingOptionsInput;
  readonly evalSplit?: number;
  readonly axes: Axes;
  readonly seeds: readonly number[];
  /** Learning rates of which each weight gets its best first, found on rows of its own. */
  readonly tune?: readonly number[];
  readonly inputs: RunDescription['inputs'];
  /** Of the rows: R_g, tokens of completions divided by tokens of prompts, and how many there are of each purpose. */
  readonly rows: {
    readonly generationRatio: number;
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  };
  /** Hash of the neutral text. */
  readonly neutral: string;
  /** Differences that would not matter, by outcome: set before anything is known. */
  readonly margins: Readonly<Record<string, number>>;
  /** How whoever planned it opens recipe, model and rows again; core does not look at it. */
  readonly command?: unknown;
}

/** One training of a sweep. */
export interface Trial {
  /** Hash of what it is: options, rows, model and seed. The name of its folder. */
  readonly id: string;
  /** `tune`: to find a learning rate; its rows are no part of the comparison. */
  readonly stage: 'tune' | 'compare';
  /** Its values on the axes, the learning rate that was found among them. */
  readonly settings: Readonly<Record<string, Setting>>;
  readonly seed: number;
}

/** Multiples of the asked-for learning rate that are tried. */
export const TUNED_FACTORS: readonly number[] = [1 / 3, 1, 3];

/** Far from the seeds of the trials that are compared. */
const TUNING_SEED = 2 ** 20;

/** Options that only the loop reads: trials that differ in nothing else share a model that is open and rows that are read. */
export const LOOP_OPTIONS: readonly string[] = [
  ...['promptLossWeight', 'systemLossWeight', 'userLossWeight', 'toolLossWeight', 'templateLossWeight'],
  ...[
    'labelSmoothing',
    'neftuneAlpha',
    'learningRate',
    'schedule',
    'minLearningRateRatio',
    'warmupSteps',
    'warmupRatio',
  ],
  ...['weightDecay', 'maxGradientNorm', 'epochs', 'maxSteps', 'batchSize', 'gradientAccumulation', 'shuffle', 'seed'],
  ...FREE,
];

/** The points of a sweep: every combination of the axes' values. What needs another model or other rows changes last. */
export function pointsOf(axes: Axes): Record<string, Setting>[] {
  const isSlow = ([option]: [string, unknown]) => !LOOP_OPTIONS.includes(option);
  const ordered = Object.entries(axes).sort((a, b) => Number(isSlow(b)) - Number(isSlow(a)));
  return ordered.reduce<Record<string, Setting>[]>(
    (points, [option, values]) => points.flatMap((point) => values.map((value) => ({ ...point, [option]: value }))),
    [{}],
  );
}

/** Trainings that find the learning rate of each point; none where it is given. */
export function tuningTrials(plan: SweepPlan): Trial[] {
  const { tune = [], axes } = plan;
  const seed = TUNING_SEED + (plan.seeds[0] as number);
  return pointsOf(axes).flatMap((point) =>
    tune.map((learningRate) => trialOf(plan, { stage: 'tune', settings: { ...point, learningRate }, seed })),
  );
}

/**
 * Trainings that are compared, seed after seed, so that a sweep that is stopped has whole comparisons.
 * @param rateOf the learning rate that was found for a point, where it is tuned
 */
export function comparedTrials(
  plan: SweepPlan,
  rateOf?: (point: Readonly<Record<string, Setting>>) => number,
): Trial[] {
  return plan.seeds.flatMap((seed) =>
    pointsOf(plan.axes).map((point) =>
      trialOf(plan, { stage: 'compare', settings: rateOf ? { ...point, learningRate: rateOf(point) } : point, seed }),
    ),
  );
}

/** The options of a trial, all of them. @throws {UserError} `option-invalid` where they do not go together */
export const trainingOf = ({ training }: SweepPlan, { settings, seed }: Omit<Trial, 'id'>) =>
  parseTrainingOptions({ ...training, ...settings, seed } as TrainingOptionsInput);

/** A trial with the id that it has in a plan. */
export function trialOf(plan: SweepPlan, { stage, settings, seed }: Omit<Trial, 'id'>): Trial {
  const trial = { stage, settings, seed };
  const { recipe, evalSplit, inputs, neutral } = plan;
  const resolved = trainingOf(plan, trial);
  const training = Object.entries({ ...resolved, learningRate: peakLearningRate(resolved) }).filter(
    // Every trial is evaluated before its first step, whatever is asked for.
    ([name]) => !FREE.has(name) && name !== 'evaluateAtStart',
  );
  const hashes = Object.entries(inputs).map(([kind, files]) => [kind, files.map(({ sha256 }) => sha256)]);
  // Rows to find learning rates on are taken out of those that are compared on.
  const rows = plan.tune ? ['tuned'] : [];
  const what = [stage, recipe, evalSplit, neutral, training.sort(([a], [b]) => (a < b ? -1 : 1)), hashes, ...rows];
  return { id: createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16), ...trial };
}

/** Options that decide which rows are read, kept and held out. */
const OF_ROWS: ReadonlySet<string> = new Set([
  ...['splitSeed', 'splitBy', 'splitByTime', 'leakage', 'map', 'dataProportions', 'maxRows', 'maxEvalRows'],
  ...['maxLength', 'longAnswers'],
]);

/** @throws {UserError} `option-invalid` for an axis that is none */
export function assertAxes(axes: Axes, training: TrainingOptionsInput = {}): void {
  for (const [option, values] of Object.entries(axes)) {
    const fail = (problem: string, fix: string) => {
      throw new UserError({ code: 'option-invalid', problem, where: `option ${axisOption(option)}`, fix });
    };
    if (!Object.hasOwn(trainingOptionsSchema.shape, option)) {
      fail(`There is no option ${option} to vary.`, 'Name an option of training: counterweight train --help.');
    }
    if (option === 'seed') fail('seed cannot be varied.', 'Trials differ in their seeds anyway.');
    if (OF_ROWS.has(option)) {
      fail(
        `${option} cannot be varied: it decides which rows there are, and trials are compared on the same ones.`,
        'Give it as an option of training.',
      );
    }
    if (FREE.has(option)) fail(`${option} cannot be varied: it changes nothing that is learnt.`, 'Leave it out.');
    if (values.length === 0) fail(`There is no value of ${option}.`, 'Give at least one.');
    if (new Set(values).size < values.length) fail(`A value of ${option} is given twice.`, 'Give each once.');
    if (training[option as keyof TrainingOptionsInput] !== undefined) {
      fail(`${option} is given as an option and varied too.`, 'Give one of the two.');
    }
  }
}

const axisOption = (option: string): string => (option === 'promptLossWeight' ? 'weights' : 'vary');
