import type { Metric } from '../../recipe/recipe.ts';
import type { TrialObservation } from './observations.ts';

/** What is compared: a name in `outcomes`, which end of it is good, and which difference would not matter. */
export interface Outcome {
  readonly name: string;
  readonly direction: Metric<never>['direction'];
  readonly margin: Margin;
}

/** A difference that would not matter: in the outcome's own unit, or as a share of its mean at weight 0. */
export type Margin = { readonly absolute: number } | { readonly relative: number };

/**
 * Margins where the plan says none:
 *
 *     loss       0.02 nats      2 % of perplexity
 *     share      0.02           2 points of 100: the standard error of an evaluation on 500 rows
 *     other      5 %            of the mean at weight 0: distances, lengths, scores with a scale of their own
 */
export const DEFAULT_MARGINS = {
  loss: { absolute: 0.02 },
  share: { absolute: 0.02 },
  other: { relative: 0.05 },
} as const satisfies Record<string, Margin>;

type Kind = keyof typeof DEFAULT_MARGINS;

/** What every sweep measures, whatever the recipe. */
const KNOWN: Readonly<Record<string, readonly [Outcome['direction'], Kind]>> = {
  completionLoss: ['lower-is-better', 'loss'],
  promptLoss: ['lower-is-better', 'loss'],
  gap: ['lower-is-better', 'loss'],
  overlap: ['lower-is-better', 'share'],
  distanceL2: ['lower-is-better', 'other'],
  distanceL1: ['lower-is-better', 'other'],
  distanceRelative: ['lower-is-better', 'other'],
  klBase: ['lower-is-better', 'other'],
  neutralLoss: ['lower-is-better', 'loss'],
  sensitivity: ['lower-is-better', 'share'],
  outputLength: ['descriptive', 'other'],
  cutShare: ['lower-is-better', 'share'],
  lossDeviation: ['lower-is-better', 'other'],
};

/** A recipe's metric: its name, and which end of it is good. */
export type MetricDirection = Pick<Metric<never>, 'name' | 'direction'>;

/**
 * All outcomes that a trial has measured: the recipe's metrics in their order, then what every sweep measures, then the
 * rest. A metric is a share where no trial has a value outside 0 to 1.
 */
export function outcomesOf(
  trials: readonly TrialObservation[],
  metrics: readonly MetricDirection[],
  margins: Readonly<Record<string, number>>,
): Outcome[] {
  const measured = new Set(trials.flatMap(({ outcomes }) => Object.keys(outcomes)));
  const names = new Set([...metrics.map(({ name }) => name), ...Object.keys(KNOWN), ...measured]);
  return [...names]
    .filter((name) => measured.has(name))
    .map((name) => {
      const [direction, kind] = KNOWN[name] ?? [
        metrics.find((metric) => metric.name === name)?.direction ?? 'descriptive',
        isShare(trials, name) ? 'share' : 'other',
      ];
      const asked = margins[name];
      return { name, direction, margin: asked === undefined ? DEFAULT_MARGINS[kind] : { absolute: asked } };
    });
}

function isShare(trials: readonly TrialObservation[], name: string): boolean {
  return trials.every(({ outcomes }) => !((outcomes[name] ?? 0) < 0 || (outcomes[name] ?? 0) > 1));
}

/**
 * What the weights are compared by, above all: the first metric that has a good end, otherwise the completion loss. One in
 * which no two trials differ by as much as would matter, such as exact matches of long texts, tells nothing: the next is asked,
 * if that one tells more.
 */
export function primaryOf(
  outcomes: readonly Outcome[],
  metrics: readonly MetricDirection[],
  trials: readonly TrialObservation[],
): string | undefined {
  const candidates = [...metrics, { name: 'completionLoss', direction: 'lower-is-better' } as const].filter(
    ({ name, direction }) => direction !== 'descriptive' && outcomes.some((outcome) => outcome.name === name),
  );
  const spreadOf = ({ name }: MetricDirection): number => {
    const values = trials.map((trial) => trial.outcomes[name] ?? Number.NaN).filter(Number.isFinite);
    return Math.max(...values) - Math.min(...values);
  };
  const floorOf = ({ name }: MetricDirection): number => {
    const { margin } = outcomes.find((outcome) => outcome.name === name) as Outcome;
    return 'absolute' in margin ? margin.absolute : 0;
  };
  const tells = candidates.find((one) => spreadOf(one) > Math.max(0, floorOf(one)));
  return (tells ?? candidates.find((one) => spreadOf(one) > 0) ?? candidates[0])?.name;
}

/** 1 where more is better, −1 where less is; what is descriptive has no good end. */
export const signOf = ({ direction }: Pick<Outcome, 'direction'>): 1 | -1 => (direction === 'lower-is-better' ? -1 : 1);

/** The margin in the outcome's unit; null for a share of nothing. */
export function marginOf({ margin }: Outcome, meanAtZero: number): number | null {
  const absolute = 'absolute' in margin ? margin.absolute : margin.relative * Math.abs(meanAtZero);
  return absolute > 0 ? absolute : null;
}
