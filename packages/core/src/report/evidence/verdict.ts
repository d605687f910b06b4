import type { MetricDescription } from '../../run/describe-recipe.ts';
import type { Estimate } from './metric-evidence.ts';

export type Verdict = 'better' | 'worse' | 'changed' | 'open';

/** What a difference means: open where its interval holds 0, or is not known. */
export function verdictOf({ direction }: Pick<MetricDescription, 'direction'>, difference: Estimate | null): Verdict {
  if (!difference?.interval) return 'open';
  const [low, high] = difference.interval;
  if (low <= 0 && high >= 0) return 'open';
  if (direction === 'descriptive') return 'changed';
  return difference.value > 0 === (direction === 'higher-is-better') ? 'better' : 'worse';
}

export const DIRECTIONS: Readonly<Record<MetricDescription['direction'], string>> = {
  'higher-is-better': 'higher is better',
  'lower-is-better': 'lower is better',
  descriptive: 'neither end is better',
};
