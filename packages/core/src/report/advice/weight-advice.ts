import type { TrainingOptions } from '../../training/options.ts';
import { formatCounted, formatShort } from '../format.ts';
import { type MeasuredSweep, measuredSweeps } from './measured-sweep.ts';

/** Where to start with the prompt's weight, by what sweeps of ours have measured. */
export interface WeightAdvice {
  /** Null where nothing was measured at such an R_g. */
  readonly promptLossWeight: number | null;
  /** Where to start, in words. */
  readonly start: string;
  /** How sure that is, in words. */
  readonly sureness: string;
  /** What each sweep near this R_g found, in words, the nearest first. */
  readonly evidence: readonly string[];
}

/** Sweeps are near where neither R_g is more than this many times the other. */
const NEAR = 2;

/**
 * The weight to start with for rows of this R_g, by the sweeps near it. First the smallest that a sweep recommends: what more
 * of it gained in one sweep was paid for in another, where answers no longer ended. Then the smallest
 * that no sweep tells from 0 at the task while the model kept more of what it knew before; otherwise 0, the masked prompt,
 * which costs nothing to understand. A weight that any of them shows to be worse is out.
 * @param generationRatio R_g: completion tokens divided by prompt tokens, as in a `Receipt`
 * @param how sweeps that divided the loss otherwise say nothing of these weights. Default: as training does by default
 * @example
 * ```ts
 * import { preview } from '@counterweight/core';
 * import { weightAdvice } from '@counterweight/core/report';
 * import { support } from '@counterweight/recipe-support';
 *
 * const { receipt } = await preview({ recipe: support(), model: 'org/name', data: 'train.csv' });
 * const { start, sureness } = weightAdvice(receipt.generationRatio);
 * console.log(`${start}. ${sureness}`);
 * ```
 */
export function weightAdvice(
  generationRatio: number,
  {
    lossNormalization = 'weight-sum',
    sweeps = measuredSweeps,
  }: {
    readonly lossNormalization?: TrainingOptions['lossNormalization'] | undefined;
    readonly sweeps?: readonly MeasuredSweep[];
  } = {},
): WeightAdvice {
  const alike = sweeps.filter((sweep) => sweep.lossNormalization === lossNormalization);
  const distance = (sweep: MeasuredSweep) => Math.abs(Math.log(sweep.generationRatio / generationRatio));
  const near = alike.filter((sweep) => distance(sweep) <= Math.log(NEAR)).sort((a, b) => distance(a) - distance(b));
  if (near.length === 0) return unmeasured(alike, generationRatio);
  const evidence = near.map(foundInWords);
  const chosen = recommendedBy(near) ?? keepingMore(near);
  const models = new Set(near.map(({ model }) => model)).size;
  const seeds = near.reduce((sum, sweep) => sum + sweep.seeds, 0);
  return {
    promptLossWeight: chosen?.weight ?? 0,
    start: chosen
      ? `start with ${chosen.weight}: ${chosen.because}`
      : 'start with 0: no weight above it was shown to be better near this R_g',
    sureness: `${models === 1 ? 'Little is known' : 'Something is known'}: ${formatCounted(near.length, 'sweep')}, ${formatCounted(models, 'model')}, ${formatCounted(seeds, 'seed')}; counterweight sweep measures it on your rows`,
    evidence,
  };
}

interface Chosen {
  readonly weight: number;
  readonly because: string;
}

function recommendedBy(near: readonly MeasuredSweep[]): Chosen | undefined {
  const smallest = Math.min(...near.flatMap(({ recommended }) => recommended ?? []));
  if (!Number.isFinite(smallest) || isRefuted(near, smallest)) return undefined;
  const because =
    smallest === 0
      ? 'no other was better by enough in a sweep near this R_g, or its answers no longer ended'
      : 'better than 0 where it was measured near this R_g';
  return { weight: smallest, because };
}

function keepingMore(near: readonly MeasuredSweep[]): Chosen | undefined {
  const weights = near
    .flatMap((sweep) => sweep.weights.filter(({ kept }) => kept !== null))
    .map(({ weight }) => weight)
    .filter((weight) => !isRefuted(near, weight));
  if (weights.length === 0) return undefined;
  return {
    weight: Math.min(...weights),
    because: 'not told from 0 at the task, and more of the language before stays',
  };
}

const asPercent = (share: number): string => `${Math.round(100 * share)}`;

/** `47 to 62`, or one of them where they are the same. */
const spread = (values: readonly number[], format: (value: number) => string): string =>
  [...new Set([Math.min, Math.max].map((end) => format(end(...values))))].join(' to ');

const isRefuted = (near: readonly MeasuredSweep[], weight: number): boolean =>
  near.some(({ weights }) =>
    weights.some((own) => own.weight === weight && own.verdict === 'different' && !own.isBetter),
  );

function unmeasured(sweeps: readonly MeasuredSweep[], generationRatio: number): WeightAdvice {
  const ratios = [...new Set(sweeps.map((sweep) => formatShort(sweep.generationRatio)))];
  const measured = ratios.length === 0 ? '' : ` (measured at ${ratios.join(', ')})`;
  return {
    promptLossWeight: null,
    start: `nothing was measured near an R_g of ${formatShort(generationRatio)}${measured}: compare with 0`,
    sureness: 'Nothing is known: counterweight sweep measures it on your rows',
    evidence: [],
  };
}

/** `stories260k, R_g 0.156, 10 seeds: exactMatch worse by 0.0415 to 0.221 at 0.03, 0.1, 0.3, 1; klBase …`. */
function foundInWords(sweep: MeasuredSweep): string {
  const { model, generationRatio, seeds, isTuned, outcome, detectable, weights } = sweep;
  const shown = (isBetter: boolean) =>
    weights.filter((own) => own.verdict === 'different' && own.isBetter === isBetter);
  const alike = weights.filter(({ verdict }) => verdict === 'equivalent').map(({ weight }) => weight);
  const open = weights.filter(({ verdict }) => verdict === 'inconclusive').map(({ weight }) => weight);
  const seen = detectable === null ? '' : ` (${formatShort(detectable)} would have been seen)`;
  const found = [
    ...([true, false] as const).flatMap((isBetter) => {
      const own = shown(isBetter);
      if (own.length === 0) return [];
      const sizes = own.map(({ size }) => size);
      const at = own.map(({ weight }) => weight).join(', ');
      return `${isBetter ? 'better' : 'worse'} by ${spread(sizes, formatShort)} at ${at}`;
    }),
    ...(alike.length > 0 ? [`as good at ${alike.join(', ')}`] : []),
    ...(open.length > 0 ? [`not told apart from 0 at ${open.join(', ')}${seen}`] : []),
  ];
  const kept = weights.flatMap((own) => own.kept ?? []);
  if (kept.length > 0) {
    const at = weights.filter((own) => own.kept !== null).map(({ weight }) => weight);
    found.push(`klBase ${spread(kept, asPercent)} % lower at ${at.join(', ')}`);
  }
  const tuned = isTuned ? ', each weight at its own learning rate' : '';
  return `${model}, R_g ${formatShort(generationRatio)}, ${formatCounted(seeds, 'seed')}${tuned}: ${outcome} ${found.join('; ')}`;
}
