import { armMean, type Comparison, isConstant } from './comparison.ts';
import { ALPHA } from './differences.ts';
import type { TrialObservation } from './observations.ts';
import { leastSeeds } from './sign-flip.ts';
import { formatSize } from './words.ts';

/** What is missing in a sweep, and what could therefore not be said. */
export function notesOf(comparison: Comparison, trials: readonly TrialObservation[], asked: Asked = {}): string[] {
  const { arms, baseline, seeds, primary } = comparison;
  if (trials.length === 0) return ['No trial is done: there is nothing to analyse.'];
  return [
    ...(baseline ? [] : ['No trial at weight 0 is done: there is nothing to compare the others with.']),
    ...(arms.length > 1 ? [] : ['All trials have the same weight.']),
    ...(primary
      ? []
      : ['No outcome has a good end to choose by: name the recipe’s metrics, or measure the completion loss.']),
    ...askedNotes(comparison, asked),
    ...seedNotes(comparison),
    ...(asked.weights ?? [])
      .filter((weight) => arms.every((arm) => arm.weight !== weight))
      .map((weight) => `Weight ${weight}: no trial of it is done, so that nothing is said of it.`),
    ...arms
      .filter(({ trials: own }) => own.size < seeds.length)
      .map(({ weight, trials: own }) => {
        const missing = seeds.filter((seed) => !own.has(seed));
        return `Weight ${weight}: seed ${missing.join(', ')} missing; compared on the other ${own.size}.`;
      }),
    ...duplicateNotes(trials),
    ...comparison.outcomes.flatMap((outcome) => outcomeNotes(comparison, outcome.name)),
    ...rowNotes(comparison),
  ];
}

/** What was asked for by name. */
interface Asked {
  readonly weights?: readonly number[];
  readonly primary?: string;
  readonly margins?: Readonly<Record<string, number>>;
}

function askedNotes({ outcomes }: Comparison, { primary, margins = {} }: Asked): string[] {
  const isMeasured = (name: string) => outcomes.some((outcome) => outcome.name === name);
  const unknown = [...(primary === undefined ? [] : [primary]), ...Object.keys(margins)].filter(
    (name) => !isMeasured(name),
  );
  const useless = Object.entries(margins).filter(([name, margin]) => isMeasured(name) && !(margin > 0));
  return [
    ...unknown.map((name) => `There is no outcome ${name}: there are ${outcomes.map((own) => own.name).join(', ')}.`),
    ...useless.map(
      ([name, margin]) => `A margin of ${margin} is none: nothing can be shown to be equivalent in ${name}.`,
    ),
  ];
}

/** What so few seeds can show at all: a sign-flip test of n pairs has p ≥ 2/2ⁿ. */
function seedNotes({ seeds }: Comparison): string[] {
  const any = leastSeeds(ALPHA);
  if (seeds.length === 1) return [`One seed shows nothing of chance: no interval, no test. ${any} seeds or more can.`];
  if (seeds.length < any) {
    return [
      `${seeds.length} seeds cannot show a difference at 5 % (p ≥ ${formatSize(2 / 2 ** seeds.length)}): it takes ${any}.`,
    ];
  }
  return [];
}

function duplicateNotes(trials: readonly TrialObservation[]): string[] {
  const seen = new Set<string>();
  const again = trials.filter(({ weight, settings, seed }) => {
    const key = JSON.stringify([weight, seed, Object.entries(settings).sort()]);
    return seen.has(key) || !seen.add(key);
  });
  if (again.length === 0) return [];
  return [`Trials that are there twice count once, as the later one: ${again.map(({ trial }) => trial).join(', ')}.`];
}

function outcomeNotes(comparison: Comparison, name: string): string[] {
  const { arms } = comparison;
  const unmeasured = arms.filter((arm) => Number.isNaN(armMean(arm, name))).map(({ weight }) => weight);
  if (unmeasured.length === arms.length) return [`${name}: no trial has a number.`];
  if (unmeasured.length > 0) return [`${name}: not measured at weight ${unmeasured.join(', ')}.`];
  if (arms.length > 1 && isConstant(comparison, name)) return [`${name} is the same in every trial: it tells nothing.`];
  return [];
}

/** Rows are compared by their number. */
function rowNotes({ arms }: Comparison): string[] {
  const trials = arms.flatMap((arm) => [...arm.trials.values()]);
  const names = new Set(trials.flatMap(({ rows = {} }) => Object.keys(rows)));
  return [...names].flatMap((name) => {
    const lengths = new Set(trials.map(({ rows }) => rows?.[name]?.length ?? 0));
    if (lengths.size === 1) return [];
    return [`${name}: trials have ${[...lengths].join(', ')} rows, so that rows cannot be paired everywhere.`];
  });
}
