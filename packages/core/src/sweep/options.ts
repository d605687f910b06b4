import { UserError } from '../errors.ts';
import type { RecipeSource } from '../recipe-loading/describe-recipe-source.ts';
import type { Data } from '../rows/data.ts';
import { type OpenedData, openData } from '../rows/open-data.ts';
import { assertNames, assertPath, type NamesOf } from '../task/assert-task-options.ts';
import { TASK_OPTIONS, type TaskOptions } from '../task/open-task.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { peakLearningRate } from '../training/schedule.ts';
import { SWEEP_DEFAULTS } from './defaults.ts';
import type { SweepEvent } from './events.ts';
import { type Axes, assertAxes, type SweepPlan, TUNED_FACTORS } from './plan.ts';
import type { SharedTrials } from './shared-trials.ts';

/** What a sweep is made of. Options of `training` are the same in all trials. */
export interface SweepOptions<Row> extends TaskOptions<Row> {
  /** Rows to train on: files, folders, or rows in memory. */
  readonly data: Data;
  /** Folder or hub id of an adapter in PEFT's layout that every trial goes on with. */
  readonly adapter?: string | undefined;
  /** Rows to compare on; or `evalSplit`, a share of `data` (default: `SWEEP_DEFAULTS`). Half of them choose, half of them report. */
  readonly evalData?: Data | undefined;
  /** The share of `data` to hold out and compare on, in place of `evalData`; default: `SWEEP_DEFAULTS`. */
  readonly evalSplit?: number | undefined;
  /** The folder of the sweep: sweep.json, trials/, analysis.json. One that holds the same sweep is gone on with. */
  readonly output: string;
  /** Prompt loss weights to compare; default: `SWEEP_DEFAULTS`. 0 must be among them. */
  readonly weights?: readonly number[] | undefined;
  /** How many seeds each has; default: `SWEEP_DEFAULTS`. The first is `training.seed`. */
  readonly seeds?: number | undefined;
  /** Other options of training to vary, and their values: `{ learningRate: [1e-4, 3e-4] }`. */
  readonly vary?: Axes | undefined;
  /** Finds a learning rate for each weight first: a third of the one that is asked for, itself, three times it. */
  readonly tune?: 'learningRate' | undefined;
  /** Passages to see what a model has kept of its language; default English that comes with the package. */
  readonly neutral?: readonly string[] | undefined;
  /** Differences that would not matter, by outcome: what "equivalent" means. */
  readonly margins?: Readonly<Record<string, number>> | undefined;
  /** Keep the adapter or model of every trial; default: what was measured is kept, the weights are not. */
  readonly keepModels?: boolean | undefined;
  /** Which code the recipe is (`describeRecipeSource`). */
  readonly recipeSource?: RecipeSource | undefined;
  /** Kept in sweep.json as it is: how a program opens the sweep again. */
  readonly command?: unknown;
  /** Where the trials lie that others do, where `output` is a folder of this machine alone. */
  readonly shared?: SharedTrials | undefined;
  /** Told of every trial as it begins, goes on and ends. */
  readonly onEvent?: ((event: SweepEvent) => void) | undefined;
}

export const SWEEP_OPTIONS: NamesOf<SweepOptions<never>> = {
  ...TASK_OPTIONS,
  data: true,
  adapter: true,
  evalData: true,
  evalSplit: true,
  output: true,
  weights: true,
  seeds: true,
  vary: true,
  tune: true,
  neutral: true,
  margins: true,
  keepModels: true,
  recipeSource: true,
  command: true,
  shared: true,
  onEvent: true,
};

/** Options whose rows are opened, so that all that reads them reads the same. */
export type OpenedSweep<Row> = Omit<SweepOptions<Row>, 'data' | 'evalData'> & {
  readonly data: OpenedData;
  readonly evalData: OpenedData | undefined;
};

/** @throws {UserError} `option-invalid` for whatever is wrong with the options by themselves */
export function openOptions<Row>(options: SweepOptions<Row>): OpenedSweep<Row> {
  assertSweepOptions(options);
  const { map } = parseTrainingOptions(options.training);
  const { data, evalData } = options;
  return {
    ...options,
    data: openData(data, { map }),
    evalData: evalData === undefined ? undefined : openData(evalData, { option: 'evalData', map }),
  };
}

function assertSweepOptions<Row>(options: SweepOptions<Row>): void {
  assertNames(options, SWEEP_OPTIONS);
  assertPath('output', options.output, 'Give the folder that the sweep is written into, such as sweeps/first.');
  const {
    weights = SWEEP_DEFAULTS.weights,
    seeds = SWEEP_DEFAULTS.seeds,
    evalData,
    evalSplit,
    vary = {},
    tune,
    training,
  } = options;
  if (!weights.includes(0)) {
    throw invalid('weights', 'Weight 0 is not among the weights: all others are compared with it.', 'Add 0 to them.');
  }
  if (!Number.isInteger(seeds) || seeds < 1) {
    throw invalid(
      'seeds',
      `${seeds} is no number of seeds.`,
      `Give 1 or more; ${SWEEP_DEFAULTS.seeds} or more can tell a difference.`,
    );
  }
  if (evalData !== undefined && evalSplit !== undefined) {
    throw invalid('evalSplit', 'There are two sources of rows to compare on.', 'Give evalData or evalSplit.');
  }
  if (training?.promptLossFraction !== undefined) {
    throw invalid(
      'promptLossFraction',
      'A sweep varies the weight, and a fraction is another way to say it.',
      'Leave it out.',
    );
  }
  if ('promptLossWeight' in vary) {
    throw invalid('vary', 'The weight of the prompt is varied in any case.', 'Give its values as weights.');
  }
  if (tune !== undefined && 'learningRate' in vary) {
    throw invalid('tune', 'The learning rate is varied and tuned.', 'Do one of the two.');
  }
  assertAxes(axesOf(options), training);
}

const invalid = (option: string, problem: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where: `option ${option}`, fix });

const axesOf = ({
  weights = SWEEP_DEFAULTS.weights,
  vary = {},
}: Pick<SweepOptions<never>, 'weights' | 'vary'>): Axes => ({
  promptLossWeight: weights,
  ...vary,
});

/** What a sweep is beside its files. */
export function planFrom<Row>(
  options: OpenedSweep<Row>,
  { inputs, neutral, rows }: Pick<SweepPlan, 'inputs' | 'neutral' | 'rows'>,
): SweepPlan {
  const {
    recipe,
    recipeSource,
    training = {},
    seeds = SWEEP_DEFAULTS.seeds,
    evalData,
    evalSplit,
    tune,
    margins = {},
  } = options;
  const parsed = parseTrainingOptions(training);
  const split = evalSplit ?? (evalData === undefined ? SWEEP_DEFAULTS.evalSplit : undefined);
  return {
    format: 1,
    recipe: { name: recipe.name, options: recipe.options, ...(recipeSource && { source: recipeSource }) },
    metrics: recipe.metrics.map(({ name, direction }) => ({ name, direction })),
    training,
    ...(split !== undefined && { evalSplit: split }),
    axes: axesOf(options),
    seeds: Array.from({ length: seeds }, (_, i) => parsed.seed + i),
    ...(tune && { tune: TUNED_FACTORS.map((factor) => Number((factor * peakLearningRate(parsed)).toPrecision(3))) }),
    inputs,
    rows,
    neutral,
    margins,
    ...(options.command !== undefined && { command: options.command }),
  };
}
