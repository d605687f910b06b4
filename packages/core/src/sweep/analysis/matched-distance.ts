import type { PathPoint } from './observations.ts';

/**
 * The distances from the pretrained weights at which two trainings had the same validation loss: the lowest one that
 * both reached. So a model is not called nearer only because it has learnt less. Null where the paths do not say.
 */
export function matchedDistances(
  first: readonly PathPoint[] = [],
  second: readonly PathPoint[] = [],
): readonly [number, number] | null {
  const level = Math.max(lowest(first), lowest(second));
  const [one, other] = [distanceAt(first, level), distanceAt(second, level)];
  return one === null || other === null ? null : [one, other];
}

const lowest = (path: readonly PathPoint[]): number =>
  path.reduce((least, { validationLoss }) => Math.min(least, validationLoss), Number.POSITIVE_INFINITY);

/** Where a training first had a loss, interpolated between its evaluations; null if it never had, or had it before the first. */
function distanceAt(path: readonly PathPoint[], level: number): number | null {
  const at = path.findIndex(({ validationLoss }) => validationLoss <= level);
  const [before, after] = [path[at - 1], path[at]];
  if (!before || !after) return null;
  const way = (before.validationLoss - level) / (before.validationLoss - after.validationLoss);
  const distance = before.distanceL2 + way * (after.distanceL2 - before.distanceL2);
  return Number.isFinite(distance) ? distance : null;
}
