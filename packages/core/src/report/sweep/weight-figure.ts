import { line } from 'd3-shape';
import type { WeightChart } from '../../sweep/analysis/weight-chart.ts';
import { formatChange, formatInterval } from '../../sweep/analysis/words.ts';
import { formatShare } from '../format.ts';
import { type Html, html } from '../html.ts';
import { figure, grid, stretched } from '../plot/figure.ts';
import { acrossScale, percent, rangeOf, SIDE, upScale } from '../plot/scale.ts';
import { inWords } from '../text.ts';

/** Differences from weight 0 along the weights, with their intervals, the band that does not matter and the quadratic. */
export function weightFigure({ outcome, points, curve, margin, optimum }: WeightChart): Html {
  const values = [
    ...points.flatMap(({ effect, interval }) => [effect, ...(interval ?? [])]),
    ...curve.map(({ effect }) => effect),
    ...(margin === null ? [] : [-margin, margin]),
  ];
  const up = upScale(rangeOf([0, ...values]));
  const across = acrossScale({ low: 0, high: 1 });
  const [x, y] = [across.at, (value: number) => Math.round(10 * up.at(value)) / 10];
  const way = line<(typeof curve)[number]>(
    (point) => x(point.x),
    (point) => y(point.effect),
  ).digits(1);
  return figure({
    title: inWords(outcome),
    caption: 'difference from weight 0, with 95 % intervals',
    look: 'completion',
    description: `${outcome}: ${points.map(({ weight, effect }) => `weight ${weight} ${formatChange(effect)}`).join(', ')}`,
    plot: html`${grid(up)}${points.map((point) => html`<text class="step" x="${percent(x(point.x))}" y="100%" dy="1.5em">${point.weight}</text>`)}${stretched(
      [
        margin === null
          ? []
          : html`<rect class="band" x="0" width="${SIDE}" y="${y(margin)}" height="${y(-margin) - y(margin)}"/>`,
        html`<path class="level" d="M0 ${y(0)}H${SIDE}"/>`,
        optimum ? html`<path class="level" d="M${x(optimum.x)} 0V${SIDE}"/>` : [],
        curve.length === 0 ? [] : html`<path class="raw" d="${way([...curve]) ?? ''}"/>`,
        ...points.map(
          (point) =>
            html`${
              point.interval
                ? html`<path class="smooth" d="M${x(point.x)} ${y(point.interval[0])}V${y(point.interval[1])}"/>`
                : []
            }<path class="dot" d="M${x(point.x)} ${y(point.effect)}h0"><title>weight ${point.weight}: ${formatChange(point.effect)}</title></path>`,
        ),
      ],
    )}`,
    figures: {
      header: ['weight', 'difference', '95 %', 'prompt’s share'],
      lines: points.map(({ weight, effect, interval, promptShare }) => [
        String(weight),
        formatChange(effect),
        interval ? formatInterval(interval) : '–',
        formatShare(promptShare),
      ]),
    },
  });
}
