import { type ParameterSpec, sizeOf } from './parameters.ts';

/** A group of the flat vector that learns at a rate of its own. */
export interface ParameterGroup {
  readonly size: number;
  /** Elements at its beginning that weight decay applies to. */
  readonly decayedSize: number;
  /** Its learning rate, as a multiple of the run's. */
  readonly learningRateScale: number;
}

/** Where TensorFlow lets a slice share its vector's memory: at multiples of 64 bytes. */
const ALIGNED_ELEMENTS = 16;

/** A group for every rate; in it those with weight decay first, and behind them lengths that move others off alignment. */
export function inVectorOrder(specs: readonly ParameterSpec[]): ParameterSpec[] {
  const odd = ({ shape }: ParameterSpec) => sizeOf(shape) % ALIGNED_ELEMENTS !== 0;
  const place = (spec: ParameterSpec) => (spec.decay ? 0 : 2) + (odd(spec) ? 1 : 0);
  return specs.toSorted((a, b) => learningRateScaleOf(a) - learningRateScaleOf(b) || place(a) - place(b));
}

/** The groups of parameters in vector order. */
export function parameterGroupsOf(ordered: readonly ParameterSpec[]): ParameterGroup[] {
  const ratios = [...new Set(ordered.map(learningRateScaleOf))];
  return ratios.map((learningRateScale) => {
    const own = ordered.filter((spec) => learningRateScaleOf(spec) === learningRateScale);
    return { learningRateScale, size: sizeOfAll(own), decayedSize: sizeOfAll(own.filter(({ decay }) => decay)) };
  });
}

const learningRateScaleOf = ({ learningRateScale = 1 }: ParameterSpec): number => learningRateScale;

const sizeOfAll = (specs: readonly ParameterSpec[]): number => specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
