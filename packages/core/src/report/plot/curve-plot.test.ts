import { expect, it } from 'vitest';
import { formatNumber } from '../format.ts';
import type { Point } from './curve.ts';
import { type CurvePlot, curvePlot } from './curve-plot.ts';

const curve = (values: readonly (number | null)[]): Point[] => values.map((value, i) => ({ step: i + 1, value }));
const plot = (values: readonly (number | null)[], changes: Partial<CurvePlot> = {}): string =>
  curvePlot({
    ...{ title: 'Loss', caption: 'nats', look: 'small', scale: 'ratio', exact: true, format: formatNumber },
    series: [{ name: 'training', points: curve(values) }],
    ...changes,
  })?.markup ?? '';
const pathsOf = (markup: string): string[] =>
  [...markup.matchAll(/<path class="smooth" d="([^"]*)"/g)].map(([, d]) => d as string);

it('draws a line from the first step to the last, and names what is beside it', () => {
  const markup = plot([4, 3, 2, 0]);
  expect(pathsOf(markup)).toEqual(['M250,0L500,250L750,500L1000,1000']);
  expect([...markup.matchAll(/dy="\.35em">([^<]*)</g)].map(([, tick]) => tick)).toEqual(['0', '1', '2', '3', '4']);
  expect(markup).toContain('aria-label="Loss over the steps: from 4 to 0, between 0 and 4"');
});

it('has a gap where there is no value, and a dot for a step between gaps', () => {
  expect(pathsOf(plot([0, null, 4]))).toEqual(['M333.3,1000ZM1000,0Z']);
});

it('is logarithmic where values span an order of magnitude, and says so', () => {
  expect(plot([0.1, 1, 10])).toContain('<span>nats, logarithmic</span>');
  expect(pathsOf(plot([0.1, 1, 10]))).toEqual(['M333.3,1000L666.7,500L1000,0']);
  expect(plot([0, 1, 10])).not.toContain('logarithmic');
});

it('has its figures as a table: of a long run means over stretches, and every evaluation', () => {
  const markup = plot(
    Array.from({ length: 1000 }, (_, i) => i % 2),
    {
      exact: false,
      series: [
        {
          name: 'training',
          points: curve(Array.from({ length: 1000 }, (_, i) => i % 2)),
          evaluations: [{ step: 1000, value: 0.25 }],
        },
      ],
    },
  );
  expect(markup).toContain(
    '<th scope="row">1 to 100</th><td class="number">0.5</td><td class="number">0</td><td class="number">1</td>',
  );
  expect(markup).toContain('<th scope="row">held-out rows after step 1,000</th><td class="number">0.25</td>');
  expect(markup.match(/<tr>/g)).toHaveLength(12);
});

it('tells several lines apart by a legend, and escapes their names', () => {
  const markup = plot([], {
    series: [
      { name: '<b>one', look: 's0', points: curve([1, 2]) },
      { name: 'two', look: 's1', points: curve([2, 3]) },
    ],
  });
  expect(markup).toContain('<span class="key s0"><i></i><bdi>&lt;b&gt;one</bdi></span>');
  expect(markup).not.toContain('<b>one');
  expect(pathsOf(markup)).toHaveLength(2);
});

it('is nothing where there is nothing to draw', () => {
  expect(plot([null, null])).toBe('');
});
