import { type SweepAnalysis, weightCharts } from '@counterweight/core';

/** What has a picture in the page. */
export const PICTURED = ['exactMatch', 'completionLoss', 'klBase', 'promptLoss'];

const [WIDTH, HEIGHT] = [350, 200];
const MARGIN = { left: 58, right: 14, top: 30, bottom: 34 };

/** Differences from weight 0 with their intervals, a picture for each of these outcomes, side by side. */
export function plot(analysis: SweepAnalysis, outcomes: readonly string[]): string {
  const charts = weightCharts(analysis).filter(({ outcome }) => outcomes.includes(outcome));
  const panels = outcomes.flatMap(
    // What is the same in every trial is no picture.
    (name) => charts.find(({ outcome, points }) => outcome === name && points.some(({ effect }) => effect !== 0)) ?? [],
  );
  const pictures = panels.map((chart, i) => `<g transform="translate(${i * WIDTH} 0)">${panel(chart)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="differences from weight 0: ${panels.map(({ outcome }) => outcome).join(', ')}" viewBox="0 0 ${panels.length * WIDTH} ${HEIGHT}" font-family="system-ui,sans-serif" font-size="11" fill="#6b6f76"><rect width="100%" height="100%" fill="#fff"/>${pictures.join('')}</svg>\n`;
}

function panel({ outcome, points, margin }: ReturnType<typeof weightCharts>[number]): string {
  const values = points.flatMap(({ effect, interval }) => [effect, ...(interval ?? [])]);
  const [low, high] = [Math.min(0, ...values, -(margin ?? 0)), Math.max(0, ...values, margin ?? 0)];
  const x = (share: number) => (MARGIN.left + share * (WIDTH - MARGIN.left - MARGIN.right)).toFixed(1);
  const y = (value: number) =>
    (MARGIN.top + ((high - value) / (high - low || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom)).toFixed(1);
  const [left, right] = [x(0), x(1)];
  const band =
    margin === null
      ? ''
      : `<rect x="${left}" width="${Number(right) - Number(left)}" y="${y(margin)}" height="${(Number(y(-margin)) - Number(y(margin))).toFixed(1)}" fill="#6b6f76" opacity=".12"/>`;
  const marks = points.map(({ weight, x: at, effect, interval }) => {
    const bar = interval
      ? `<path d="M${x(at)} ${y(interval[0])}V${y(interval[1])}" stroke="#1f8a4c" stroke-width="2"/>`
      : '';
    return `${bar}<circle cx="${x(at)}" cy="${y(effect)}" r="3.5" fill="#1d1f22"/><text x="${x(at)}" y="${HEIGHT - 14}" text-anchor="middle">${weight}</text>`;
  });
  const tick = (value: number) =>
    `<text x="${MARGIN.left - 8}" y="${y(value)}" dy=".35em" text-anchor="end">${Number(value.toPrecision(2))}</text>`;
  return `<text x="${left}" y="18" fill="#1d1f22" font-weight="600">${outcome}, from weight 0</text>${band}<path d="M${left} ${y(0)}H${right}" stroke="#6b6f76" stroke-dasharray="2 4"/>${[
    0,
    ...[low, high].filter((end) => Math.abs(end) > (high - low) / 10),
  ]
    .map(tick)
    .join('')}${marks.join('')}`;
}
