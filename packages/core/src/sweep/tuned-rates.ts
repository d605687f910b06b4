import { resolve } from 'node:path';
import { comparedTrials, pointsOf, type SweepPlan, type Trial, tuningTrials } from './plan.ts';
import { isDone, readFailure, readOutcome, trialFolder } from './trial-folder.ts';

/** The learning rate that was found for a point of the sweep; undefined where each training failed or is to come. */
export interface TunedRate {
  readonly point: Trial['settings'];
  readonly learningRate: number | undefined;
}

/** The rate with the lowest loss on rows of its own, of each point. */
export async function tunedRates(sweep: string, plan: SweepPlan): Promise<TunedRate[]> {
  const found = await Promise.all(
    tuningTrials(plan).map(async ({ id, settings: { learningRate, ...point } }) => {
      const read = await readOutcome(trialFolder(resolve(sweep), { id }));
      return { point: keyOf(point), rate: learningRate as number, loss: read?.outcome.validation.completionLoss };
    }),
  );
  return pointsOf(plan.axes).map((point) => {
    const tried = found.filter((one) => one.point === keyOf(point) && one.loss !== undefined);
    const [best] = tried.sort((a, b) => (a.loss as number) - (b.loss as number));
    return { point, learningRate: best?.rate };
  });
}

export const rateIn =
  (rates: readonly TunedRate[]) =>
  (point: Trial['settings']): number =>
    rates.find((rate) => keyOf(rate.point) === keyOf(point))?.learningRate as number;

const isUnfinished = async (folder: string): Promise<boolean> =>
  !isDone(folder) && (await readFailure(folder)) === undefined;

const keyOf = (point: Trial['settings']): string => JSON.stringify(Object.entries(point).sort());

/** Every trial of a plan that is known by now: what is compared is known when all learning rates are found. */
export async function allTrials(sweep: string, plan: SweepPlan): Promise<{ tuning: Trial[]; compared: Trial[] }> {
  const tuning = tuningTrials(plan);
  if (!plan.tune) return { tuning, compared: comparedTrials(plan) };
  const isOpen = await Promise.all(tuning.map((trial) => isUnfinished(trialFolder(resolve(sweep), trial))));
  const rates = await tunedRates(sweep, plan);
  const isKnown = !isOpen.includes(true) && rates.every(({ learningRate }) => learningRate !== undefined);
  return { tuning, compared: isKnown ? comparedTrials(plan, rateIn(rates)) : [] };
}
