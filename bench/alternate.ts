import { spawn } from 'node:child_process';
import { type Spread, spreadOf } from './statistics.ts';

/** One side of a comparison: a program whose last line of standard output is a {@link SideResult} in JSON. */
export interface Side {
  /** `Counterweight, tfjs-node` */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a side reports of one run. Warm-up steps are in `losses` only. */
export interface SideResult {
  /** Real tokens: padding left out. */
  readonly tokensPerSecond: number;
  readonly stepSeconds: readonly number[];
  readonly firstStepSeconds: number;
  readonly peakResidentBytes: number;
  /** Of every step from the first on, in nats. */
  readonly losses: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
}

export interface Comparison {
  readonly rounds: number;
  readonly a: SideSummary;
  readonly b: SideSummary;
  /** a / b of each round: the machine's mood cancels within a round, not between rounds. */
  readonly tokensPerSecondRatio: Spread;
  readonly peakResidentBytesRatio: Spread;
  /** Largest |a − b| / b over the losses of all steps: the proof that both did the same work. */
  readonly largestLossDifference: number;
}

export interface SideSummary {
  readonly name: string;
  readonly tokensPerSecond: Spread;
  readonly stepSeconds: Spread;
  readonly firstStepSeconds: Spread;
  readonly peakResidentBytes: Spread;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  readonly runs: readonly SideResult[];
}

/** Runs both sides `rounds` times, in the order a b, b a, a b, …: each goes first equally often. */
export async function alternate(a: Side, b: Side, rounds: number, runSide = runOnce): Promise<Comparison> {
  const runsOfA: SideResult[] = [];
  const runsOfB: SideResult[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [a, b] : [b, a];
    for (const side of order) {
      const result = await runSide(side);
      (side === a ? runsOfA : runsOfB).push(result);
      console.error(`round ${round + 1} of ${rounds}  ${side.name}: ${Math.round(result.tokensPerSecond)} tokens/s`);
    }
  }
  return compare(summarize(a.name, runsOfA), summarize(b.name, runsOfB));
}

/** Starts the program and reads its result. @throws {Error} when it fails or prints no result. */
export async function runOnce(side: Side): Promise<SideResult> {
  const child = spawn(side.command, side.args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...side.env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (exitCode !== 0) throw new Error(`${side.name}: ${side.command} ended with ${exitCode}`);
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  if (!lastLine.startsWith('{')) throw new Error(`${side.name}: the last line of its output is no JSON object`);
  return JSON.parse(lastLine) as SideResult;
}

function summarize(name: string, runs: readonly SideResult[]): SideSummary {
  const last = runs.at(-1);
  if (!last) throw new Error(`${name} never ran`);
  return {
    name,
    tokensPerSecond: spreadOf(runs.map((run) => run.tokensPerSecond)),
    stepSeconds: spreadOf(runs.flatMap((run) => run.stepSeconds)),
    firstStepSeconds: spreadOf(runs.map((run) => run.firstStepSeconds)),
    peakResidentBytes: spreadOf(runs.map((run) => run.peakResidentBytes)),
    versions: last.versions,
    threads: last.threads,
    runs,
  };
}

function compare(a: SideSummary, b: SideSummary): Comparison {
  const ratios = (of: (run: SideResult) => number) =>
    spreadOf(a.runs.map((run, round) => of(run) / of(b.runs[round] as SideResult)));
  return {
    rounds: a.runs.length,
    a,
    b,
    tokensPerSecondRatio: ratios((run) => run.tokensPerSecond),
    peakResidentBytesRatio: ratios((run) => run.peakResidentBytes),
    largestLossDifference: largestLossDifference(a.runs[0], b.runs[0]),
  };
}

function largestLossDifference(a: SideResult | undefined, b: SideResult | undefined): number {
  const pairs = (b?.losses ?? []).map((loss, step) => [a?.losses[step] ?? Number.NaN, loss] as const);
  return Math.max(...pairs.map(([ours, theirs]) => Math.abs(ours - theirs) / Math.abs(theirs)));
}
