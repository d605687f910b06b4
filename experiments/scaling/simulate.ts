import { createRandom, type Random } from '../../packages/core/src/random.ts';
import { ASSUMED, type Constants, type MethodConstants } from './constants.ts';

/**
 * What training on many machines takes, reckoned from what one machine was measured to take (`constants.json`) and from
 * what is assumed of the rest (`ASSUMED`). What workers send each other is what `native/workers/collectives.cc` sends.
 */
export interface StepSetup {
  readonly constants: Constants;
  readonly method: MethodConstants;
  /** Machines, a worker on each. */
  readonly workers: number;
  /** Of a step; a multiple of `workers`. */
  readonly microBatches: number;
  readonly link: keyof typeof ASSUMED.links;
  readonly sharded?: boolean;
}

export interface StepParts {
  /** The worker's own micro-batches, on a machine like the one that was measured. */
  readonly compute: number;
  /** Packing and weighing everybody's. */
  readonly deal: number;
  /** Words: the losses, and whether anybody was asked to stop. */
  readonly words: number;
  /** The gradient: parts to their workers, sums to all. */
  readonly sum: number;
  readonly update: number;
  readonly total: number;
  /** Bytes that a worker sends, and as many that it receives. */
  readonly sentBytes: number;
}

/** Exchanges of words in a step, of two rounds each: lengths, then words. */
const EXCHANGES = 2;

/** Seconds of a step in which no worker is later than another. */
export function stepOf({ constants, method, workers, microBatches, link, sharded = false }: StepSetup): StepParts {
  const { latencySeconds, messageSeconds, links, linkEfficiency } = ASSUMED;
  const bytesPerSecond = (links[link] * linkEfficiency) / 8;
  const phaseBytes = (4 * method.trainable * (workers - 1)) / workers;
  const round = workers === 1 ? 0 : latencySeconds + (workers - 1) * messageSeconds;
  const phase =
    workers === 1 ? 0 : latencySeconds + Math.max(phaseBytes / bytesPerSecond, (workers - 1) * messageSeconds);
  const millions = method.trainable / 1e6 / (sharded ? workers : 1);
  const parts = {
    compute: (microBatches / workers) * method.microBatchSeconds,
    deal: microBatches * constants.dealSeconds,
    words: 2 * (EXCHANGES + (sharded ? 1 : 0)) * round,
    sum: 2 * phase,
    update: millions * constants.updateSecondsPerMillion,
  };
  return { ...parts, total: Object.values(parts).reduce((a, b) => a + b, 0), sentBytes: 2 * phaseBytes };
}

/** How much of so many machines' work is not waiting, beside one machine that does all of it. */
export const efficiencyOf = (setup: StepSetup): number =>
  stepOf({ ...setup, workers: 1, sharded: false }).total / (setup.workers * stepOf(setup).total);

/** The largest number of workers, of powers of two, that still do `least` of their time what one machine would. */
export function paysUpTo(
  setup: Omit<StepSetup, 'workers' | 'microBatches'>,
  microBatches: (n: number) => number,
  least: number,
): number {
  let pays = 1;
  for (let workers = 2; workers <= 512 && workers <= microBatches(workers); workers *= 2) {
    if (efficiencyOf({ ...setup, workers, microBatches: microBatches(workers) }) >= least) pays = workers;
  }
  return pays;
}

/** Normal, by Box and Muller. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());

/** Exponential, of a mean. */
const waiting = (random: Random, mean: number): number => -mean * Math.log(1 - random.uniform());

/** How long a step takes whose workers vary, as a multiple of one in which none is late. */
export function slowdownOf(
  setup: StepSetup,
  {
    variation,
    slowest = 1,
    steps = 400,
  }: { readonly variation: number; readonly slowest?: number; readonly steps?: number },
): number {
  const random = createRandom(1, setup.workers);
  const { compute, total } = stepOf(setup);
  const own = setup.microBatches / setup.workers;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    let latest = 0;
    for (let worker = 0; worker < setup.workers; worker++) {
      let seconds = 0;
      for (let i = 0; i < own; i++)
        seconds += setup.method.microBatchSeconds * Math.max(0.5, 1 + variation * normal(random));
      latest = Math.max(latest, seconds * (worker === 0 ? slowest : 1));
    }
    sum += total - compute + latest;
  }
  return sum / steps / total;
}

export interface Job {
  /** Hours of its steps alone. */
  readonly workHours: number;
  readonly workers: number;
  readonly checkpointSeconds: number;
  /** From a failure to the first step after it. */
  readonly restartSeconds: number;
  readonly hoursBetweenFailures: number;
}

export interface JobOutcome {
  readonly hours: number;
  readonly failures: number;
  readonly minutesBetweenCheckpoints: number;
}

/** A job that begins again from its last checkpoint whenever one of its machines fails: the mean of many such jobs. */
export function jobOf(
  { workHours, workers, checkpointSeconds, restartSeconds, hoursBetweenFailures }: Job,
  times = 300,
): JobOutcome {
  const random = createRandom(2, workers);
  const mean = hoursBetweenFailures / workers;
  const save = checkpointSeconds / 3600;
  // Young 1974: about the best time between two checkpoints.
  const interval = Math.sqrt(2 * save * mean);
  let [hours, failures] = [0, 0];
  for (let i = 0; i < times; i++) {
    let [done, failure] = [0, waiting(random, mean)];
    let clock = 0;
    while (done < workHours) {
      const stretch = Math.min(interval, workHours - done);
      if (clock + stretch + save <= failure) {
        clock += stretch + save;
        done += stretch;
      } else {
        clock = failure + restartSeconds / 3600;
        failure = clock + waiting(random, mean);
        failures++;
      }
    }
    hours += clock;
  }
  return { hours: hours / times, failures: failures / times, minutesBetweenCheckpoints: 60 * interval };
}

export interface Sweep {
  readonly trials: number;
  readonly trialSeconds: number;
  readonly machines: number;
  readonly modelBytes: number;
  /** Whether a machine keeps the model for its next trial. */
  readonly isCached: boolean;
  readonly variation: number;
}

export interface SweepOutcome {
  readonly hours: number;
  readonly fetchedBytes: number;
  readonly failures: number;
  /** Beside one machine that does all trials, one after the other. */
  readonly speedup: number;
}

/** Trials that take the next free machine; a machine's failure costs what its trial had done since its last checkpoint, half of 10 minutes. */
export function sweepOf({ trials, trialSeconds, machines, modelBytes, isCached, variation }: Sweep): SweepOutcome {
  const random = createRandom(3, machines);
  const busy = Math.min(machines, trials);
  // All begin at the same time, and share what the server gives.
  const fetchSeconds = (busy * modelBytes * 8) / ASSUMED.serverBits;
  const free = Array<number>(busy).fill(fetchSeconds);
  const perSecond = 1 / (ASSUMED.hoursBetweenFailures * 3600);
  let [failures, work, fetches] = [0, 0, busy];
  for (let trial = 0; trial < trials; trial++) {
    let machine = 0;
    for (let i = 1; i < busy; i++) if ((free[i] as number) < (free[machine] as number)) machine = i;
    let seconds = trialSeconds * Math.max(0.5, 1 + variation * normal(random));
    work += seconds;
    const isFailing = random.uniform() < seconds * perSecond;
    if (isFailing) {
      failures++;
      seconds += ASSUMED.queueSeconds + 300;
    }
    const isFirst = trial < busy;
    if (!isFirst && !isCached) {
      seconds += fetchSeconds;
      fetches++;
    }
    free[machine] = (free[machine] as number) + seconds;
  }
  const last = free.reduce((most, one) => Math.max(most, one), 0);
  return { hours: last / 3600, fetchedBytes: fetches * modelBytes, failures, speedup: work / last };
}
