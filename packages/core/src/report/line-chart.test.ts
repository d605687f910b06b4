import { expect, it } from 'vitest';
import { type LineChart, lineChart } from './line-chart.ts';

const draw = (chart: Partial<LineChart>): string =>
  lineChart({ title: 'Loss', caption: 'nats', look: 'small', points: [], scale: 'from-zero', format: String, ...chart })
    ?.markup ?? '';

const curve = (...values: (number | null)[]) => values.map((value, i) => ({ step: i + 1, value }));

it('draws lines from step to step, in a square of 1000 that is 0 at the top', () => {
  expect(draw({ points: curve(4, 0, 2, 4), exact: true })).toContain('d="M250 0h0l250 1000l250 -500l250 -500"');
});

it('interrupts the line where there is no value, and makes a lone value a point', () => {
  expect(draw({ points: curve(4, 0, null, 4), exact: true })).toContain('d="M250 0h0l250 1000M1000 0h0"');
});

it('draws nothing where there is nothing', () => {
  expect(draw({ points: [] })).toBe('');
  expect(draw({ points: curve(null, null) })).toBe('');
});

it('draws a single step', () => {
  const chart = draw({ points: curve(3), scale: 'ratio' });
  expect(chart).toContain('d="M1000 500h0"');
  expect(chart).not.toMatch(/NaN|Infinity/);
});

it('is logarithmic where values span an order of magnitude, all above 0', () => {
  expect(draw({ points: curve(100, 1), scale: 'ratio' })).toContain('nats, logarithmic');
  expect(draw({ points: curve(100, 20), scale: 'ratio' })).not.toContain('logarithmic');
  expect(draw({ points: curve(100, 0), scale: 'ratio' })).not.toContain('logarithmic');
});

it('says what it shows to those who do not see it', () => {
  const chart = draw({ points: curve(4, 1, 2), evaluations: [{ step: 3, value: 2.5 }], title: 'Loss <1>' });
  expect(chart).toContain('aria-label="Loss &lt;1&gt; over 3 steps, from 4 to 2, between 1 and 4, with 1 evaluations"');
  expect(chart).toContain('<title>evaluation at step 3: 2.5</title>');
});

it('stays small for a long run', () => {
  const points = Array.from({ length: 100_000 }, (_, i) => ({ step: i + 1, value: Math.sin(i) + 2 }));
  expect(draw({ points }).length).toBeLessThan(9000);
});
