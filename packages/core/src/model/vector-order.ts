import { type ParameterSpec, sizeOf } from './parameters.ts';

/** A stretch of the flat vector that learns at a rate of its own. */
export interface Stretch {
  readonly size: number;
  /** Elements at its beginning that weight decay applies to. */
  readonly decayedSize: number;
  /** Its learning rate, as a multiple of the run's. */
  readonly rateRatio: number;
}

/** Where TensorFlow lets a slice share its vector's memory: at multiples of 64 bytes. */
const ALIGNED_ELEMENTS = 16;

/** A stretch for every rate; in it those with weight decay first, and behind them lengths that move others off alignment. */
export function inVectorOrder(specs: readonly ParameterSpec[]): ParameterSpec[] {
  const odd = ({ shape }: ParameterSpec) => sizeOf(shape) % ALIGNED_ELEMENTS !== 0;
  const place = (spec: ParameterSpec) => (spec.decay ? 0 : 2) + (odd(spec) ? 1 : 0);
  return specs.toSorted((a, b) => rateRatioOf(a) - rateRatioOf(b) || place(a) - place(b));
}

/** The stretches of parameters in vector order. */
export function stretchesOf(ordered: readonly ParameterSpec[]): Stretch[] {
  const ratios = [...new Set(ordered.map(rateRatioOf))];
  return ratios.map((rateRatio) => {
    const own = ordered.filter((spec) => rateRatioOf(spec) === rateRatio);
    return { rateRatio, size: sizeOfAll(own), decayedSize: sizeOfAll(own.filter(({ decay }) => decay)) };
  });
}

const rateRatioOf = ({ rateRatio = 1 }: ParameterSpec): number => rateRatio;

const sizeOfAll = (specs: readonly ParameterSpec[]): number => specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
