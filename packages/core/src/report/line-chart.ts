import { type Axis, linearAxis, logarithmicAxis } from './axis.ts';
import { downsample, type Point, smooth } from './curve.ts';
import { type Html, html } from './html.ts';

export interface LineChart {
  readonly title: string;
  /** One short line on unit and meaning. */
  readonly caption: string;
  /** Class of the figure, which gives it its colour. */
  readonly look: string;
  readonly points: readonly Point[];
  /** Drawn as dots over the curve. */
  readonly evaluations?: readonly Point[];
  /** A level that matters, drawn as a dashed line. */
  readonly level?: number | undefined;
  /** `from-zero` begins at 0; `ratio` is logarithmic where the values span an order of magnitude, all above 0. */
  readonly scale: 'from-zero' | 'ratio';
  /** Without noise, so that there is nothing to smooth. */
  readonly exact?: boolean;
  readonly format: (value: number) => string;
}

/** Highs and lows of this many stretches of the run are drawn: more could not be seen. */
const BUCKETS = 180;
const SMOOTH_POINTS = 160;

/**
 * A figure with an SVG that fills its width: lines live in a square of 1000 × 1000 that is stretched to the picture
 * while strokes keep their width; text is placed by percentages, so that it keeps its size on every screen.
 * Null when there is nothing to draw.
 */
export function lineChart(chart: LineChart): Html | null {
  const { title, look, points, evaluations = [], exact = false, format } = chart;
  const drawn = [...points, ...evaluations].filter(hasValue);
  if (drawn.length === 0) return null;
  const across = linearAxis(0, rangeOf(drawn.map(({ step }) => step)).high, 5);
  const { axis: up, logarithmic } = valueAxis(drawn, chart);
  const caption = [chart.caption, logarithmic ? 'logarithmic' : ''].filter(Boolean).join(', ');
  const path = (curve: readonly Point[]) => linePath(curve, across, up);
  return html`<figure class="chart ${look}">
<figcaption><b>${title}</b> <span>${caption}</span></figcaption>
<svg role="img" aria-label="${describe(chart, drawn)}">
${up.ticks.map((tick) => horizontal(up.place(tick), format(tick)))}
${across.ticks.map((tick) => html`<text class="step" x="${percent(across.place(tick))}" y="100%" dy="1.5em">${format(tick)}</text>`)}
<svg width="100%" height="100%" viewBox="0 0 1000 1000" preserveAspectRatio="none">
${chart.level === undefined ? [] : html`<path class="level" d="M0 ${place(1 - up.place(chart.level))}H1000"/>`}
<path class="${exact ? 'smooth' : 'raw'}" d="${path(downsample(points, BUCKETS))}"/>
${exact ? [] : html`<path class="smooth" d="${path(smooth(points, SMOOTH_POINTS))}"/>`}
${evaluations.filter(hasValue).map((point) => dot(point, path, format))}
</svg>
</svg>
</figure>`;
}

function valueAxis(drawn: readonly Drawn[], { scale, level }: LineChart): { axis: Axis; logarithmic: boolean } {
  const { low, high } = rangeOf([...drawn.map(({ value }) => value), ...(level === undefined ? [] : [level])]);
  const logarithmic = scale === 'ratio' && low > 0 && high > 10 * low;
  if (logarithmic) return { axis: logarithmicAxis(low, high), logarithmic };
  return { axis: linearAxis(scale === 'from-zero' ? Math.min(0, low) : low, high, 4), logarithmic };
}

interface Drawn extends Point {
  readonly value: number;
}

function rangeOf(values: readonly number[]): { readonly low: number; readonly high: number } {
  return {
    low: values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    high: values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  };
}

const hasValue = (point: Point): point is Drawn => point.value !== null;

const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`;
const place = (share: number): number => Math.round(1000 * share);

function horizontal(share: number, label: string): Html {
  const y = percent(1 - share);
  return html`<line x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y}" dy=".35em">${label}</text>`;
}

/** `M` where a curve begins or goes on after a gap, then relative steps, which are short to write. */
function linePath(points: readonly Point[], across: Axis, up: Axis): string {
  let path = '';
  let last: { x: number; y: number } | undefined;
  for (const { step, value } of points) {
    if (value === null) {
      last = undefined;
      continue;
    }
    const [x, y] = [place(across.place(step)), place(1 - up.place(value))];
    // The line of no length makes a lone point visible, by its round ends.
    path += last ? `l${x - last.x} ${y - last.y}` : `M${x} ${y}h0`;
    last = { x, y };
  }
  return path;
}

function dot(point: Drawn, path: (curve: readonly Point[]) => string, format: (value: number) => string): Html {
  return html`<path class="dot" d="${path([point])}"><title>evaluation at step ${point.step}: ${format(point.value)}</title></path>`;
}

/** What the picture says, for those who do not see it. */
function describe({ title, points, evaluations = [], format }: LineChart, drawn: readonly Drawn[]): string {
  const { low, high } = rangeOf(drawn.map(({ value }) => value));
  const curve = points.filter(hasValue);
  const [first, last] = [curve[0], curve.at(-1)];
  const ends = first && last ? `, from ${format(first.value)} to ${format(last.value)}` : '';
  const dots = evaluations.length > 0 ? `, with ${evaluations.length} evaluations` : '';
  return `${title} over ${points.length} steps${ends}, between ${format(low)} and ${format(high)}${dots}`;
}
