import { expect, it } from 'vitest';
import {
  formatBytes,
  formatCounted,
  formatDuration,
  formatLoss,
  formatMetric,
  formatNumber,
  formatShare,
  formatShort,
} from './format.ts';

it('writes numbers as people read them', () => {
  expect([formatCounted(1, 'row'), formatCounted(4000, 'row')]).toEqual(['1 row', '4,000 rows']);
  expect([0, 512, 999, 1000, 1_040_000, 13_400_000_000, 5e17].map(formatBytes)).toEqual([
    '0 B',
    '512 B',
    '999 B',
    '1.0 kB',
    '1.0 MB',
    '13.4 GB',
    '500000 TB',
  ]);
  expect([7.4, 760, 3723, Number.POSITIVE_INFINITY].map(formatDuration)).toEqual(['0:07', '12:40', '1:02:03', '–']);
  expect([0.1, 1, 0.30000000000000004, 0.0123456].map(formatShort)).toEqual(['0.1', '1', '0.3', '0.0123']);
  expect([null, undefined, 1.23456].map(formatLoss)).toEqual(['–', '–', '1.2346']);
  expect([null, 0.359].map(formatShare)).toEqual(['–', '35.9 %']);
  expect([0.76421, 83.318, 14_350, 2.5e-7].map(formatNumber)).toEqual(['0.7642', '83.32', '14,350', '2.5e-7']);
  expect([0.5, 61.234].map(formatMetric)).toEqual(['0.500', '61.23']);
});
