import type { Side, SideResult } from './side.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** Our side beside theirs. Ratios are ours / theirs. */
export interface Comparison {
  readonly ours: Runs;
  readonly theirs: Runs;
  readonly targets: Targets;
  /** Of each round: the machine's mood cancels within a round, not between rounds. */
  readonly speedRatio: Spread;
  readonly memoryRatio: Spread;
  /** Largest |ours − theirs| / |theirs| over the losses of the first steps, and how much of it may be rounding. */
  readonly lossDifference: number;
  readonly lossTolerance: number;
}

/** What we aim at; from ../shared/design, see README.md. */
export interface Targets {
  /** Tokens per second, ours / theirs, at least. */
  readonly speed?: number;
  /** Tokens per second, ours, at least. */
  readonly tokensPerSecond?: number;
  /** Peak resident memory, ours / theirs, at most. */
  readonly memory?: number;
}

/** All runs of one side, and what sums them up. */
export interface Runs {
  readonly name: string;
  readonly results: readonly SideResult[];
  readonly tokensPerSecond: Spread;
  readonly examplesPerSecond: Spread;
  readonly stepSeconds: Spread;
  /** First step / median of the later ones. */
  readonly firstStepRatio: Spread;
  readonly peakResidentBytes: Spread;
}

export function summarize({ name }: Pick<Side, 'name'>, results: readonly SideResult[]): Runs {
  return {
    name,
    results,
    tokensPerSecond: spreadOf(results.map((run) => run.tokensPerSecond)),
    examplesPerSecond: spreadOf(results.map((run) => run.examplesPerSecond)),
    stepSeconds: spreadOf(results.flatMap((run) => run.stepSeconds)),
    firstStepRatio: spreadOf(results.map((run) => run.firstStepSeconds / spreadOf(run.stepSeconds).median)),
    peakResidentBytes: spreadOf(results.map((run) => run.peakResidentBytes)),
  };
}

export function compare(ours: Runs, theirs: Runs, targets: Targets, lossTolerance: number): Comparison {
  const ratios = (of: (run: SideResult) => number) =>
    spreadOf(ours.results.map((run, round) => of(run) / of(theirs.results[round] as SideResult)));
  return {
    ours,
    theirs,
    targets,
    speedRatio: ratios((run) => run.tokensPerSecond),
    memoryRatio: ratios((run) => run.peakResidentBytes),
    lossDifference: largestDifference(ours.results[0]?.losses ?? [], theirs.results[0]?.losses ?? []),
    lossTolerance,
  };
}

/** Steps whose losses are compared: rounding doubles every few steps, and after more of them nothing else is left. */
const COMPARED_STEPS = 25;

/** NaN when the sides did not measure the same number of losses: that is no agreement. */
function largestDifference(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length || ours.length === 0) return Number.NaN;
  const differences = ours.map(
    (loss, step) => Math.abs(loss - (theirs[step] as number)) / Math.abs(theirs[step] as number),
  );
  return Math.max(...differences.slice(0, COMPARED_STEPS));
}

/** Whether both sides did the same work; a benchmark of different work is worth nothing. */
export const agrees = ({ lossDifference, lossTolerance }: Comparison): boolean => lossDifference <= lossTolerance;
