import { ticks } from 'd3-array';
import type { WeightChart } from '../../sweep/analysis/weight-chart.ts';
import { formatNumber } from '../format.ts';
import { type Html, html } from '../html.ts';

/**
 * Differences from weight 0 along the weights, with their intervals, the band that does not matter and the quadratic. Drawn
 * like the curves of a run: lines in a square of 1000 × 1000 that is stretched, text placed by percentages.
 */
export function weightFigure({ outcome, points, curve, margin, optimum }: WeightChart): Html {
  const values = [
    ...points.flatMap(({ effect, interval }) => [effect, ...(interval ?? [])]),
    ...curve.map(({ effect }) => effect),
    ...(margin === null ? [] : [-margin, margin]),
  ];
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const up = (value: number) => (high === low ? 0.5 : (high - value) / (high - low));
  const y = (value: number) => Math.round(1000 * up(value));
  const x = (value: number) => Math.round(1000 * value);
  const percent = (share: number) => `${Number((100 * share).toFixed(2))}%`;
  const named = ticks(low, high, 4);
  const line = curve.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.x)} ${y(point.effect)}`).join('');
  return html`<figure class="chart completion">
<figcaption><b>${outcome}</b> <span>difference from weight 0, with 95 % intervals</span></figcaption>
<svg role="img" aria-label="${describe(outcome, points)}">
${named.map((tick) => html`<line x2="100%" y1="${percent(up(tick))}" y2="${percent(up(tick))}"/><text x="-8" y="${percent(up(tick))}" dy=".35em">${formatNumber(tick)}</text>`)}
${points.map((point) => html`<text class="step" x="${percent(point.x)}" y="100%" dy="1.5em">${point.weight}</text>`)}
<svg width="100%" height="100%" viewBox="0 0 1000 1000" preserveAspectRatio="none">
${margin === null ? [] : html`<rect class="band" x="0" width="1000" y="${y(margin)}" height="${y(-margin) - y(margin)}"/>`}
<path class="level" d="M0 ${y(0)}H1000"/>
${optimum ? html`<path class="level" d="M${x(optimum.x)} 0V1000"/>` : []}
${line === '' ? [] : html`<path class="raw" d="${line}"/>`}
${points.flatMap((point) => (point.interval ? [html`<path class="smooth" d="M${x(point.x)} ${y(point.interval[0])}V${y(point.interval[1])}"/>`] : []))}
${points.map((point) => html`<path class="dot" d="M${x(point.x)} ${y(point.effect)}h0"><title>weight ${point.weight}: ${formatNumber(point.effect)}</title></path>`)}
</svg>
</svg>
</figure>`;
}

/** What the picture says, for those who do not see it. */
const describe = (outcome: string, points: WeightChart['points']): string =>
  `${outcome}: ${points.map(({ weight, effect }) => `weight ${weight} ${formatNumber(effect)}`).join(', ')}`;
