import { line } from 'd3-shape';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html.ts';
import { type Point, smooth, stretches, thin } from './curve.ts';
import { below, type FigureTable, figure, grid, stretched } from './figure.ts';
import { acrossScale, logarithmicUpScale, type PlotScale, rangeOf, SIDE, upScale } from './scale.ts';

/** One line of a plot. */
export interface Series {
  readonly name: string;
  /** Class that gives it its colour, where there are several. */
  readonly look?: string;
  readonly points: readonly Point[];
  /** Of held-out rows, drawn as dots. */
  readonly evaluations?: readonly Point[];
}

export interface CurvePlot {
  readonly title: string;
  /** Unit and meaning. */
  readonly caption: string;
  /** Classes of the figure. */
  readonly look: string;
  readonly series: readonly Series[];
  /** A level that matters, drawn as a dashed line. */
  readonly level?: number | undefined;
  /** `from-zero` begins at 0; `ratio` is logarithmic where the values span an order of magnitude, all above 0. */
  readonly scale: 'from-zero' | 'ratio';
  /** Without noise, so that there is nothing to smooth. */
  readonly exact?: boolean;
  readonly format: (value: number) => string;
}

/** Highs and lows of so many stretches of a run are drawn: more could not be seen. */
const BUCKETS = 180;
const SMOOTH_POINTS = 160;

/** Values over the steps of a run or of several; null where there is nothing to draw. */
export function curvePlot(plot: CurvePlot): Html | null {
  const { series, format } = plot;
  // Thinned, a curve has the ends and the extremes that it had.
  const thinned = series.map((one) => ({ ...one, thinned: thin(one.points, BUCKETS) }));
  const drawn = thinned.flatMap((one) => [...one.thinned, ...(one.evaluations ?? [])]).filter(hasValue);
  if (drawn.length === 0) return null;
  const last = rangeOf(drawn.map(({ step }) => step)).high;
  const across = acrossScale({ low: 0, high: last });
  const up = valueScale(drawn, plot);
  return figure({
    title: plot.title,
    caption: [plot.caption, up.logarithmic ? 'logarithmic' : ''].filter(Boolean).join(', '),
    look: plot.look,
    description: describe({ ...plot, series: thinned.map((one) => ({ ...one, points: one.thinned })) }, drawn),
    legend: series.length > 1 ? legendOf(series) : undefined,
    plot: html`${grid(up, format)}${below(across, formatCount)}${stretched([
      plot.level === undefined ? [] : html`<path class="level" d="M0 ${Math.round(up.at(plot.level))}H${SIDE}"/>`,
      ...thinned.map((one) => seriesLines(one, plot, { across, up })),
    ])}`,
    figures: figuresOf(plot),
  });
}

interface Drawn extends Point {
  readonly value: number;
}

const hasValue = (point: Point): point is Drawn => point.value !== null;

function valueScale(drawn: readonly Drawn[], { scale, level }: CurvePlot): PlotScale {
  const range = rangeOf([...drawn.map(({ value }) => value), ...(level === undefined ? [] : [level])]);
  if (scale === 'ratio' && range.low > 0 && range.high > 10 * range.low) return logarithmicUpScale(range);
  return upScale(scale === 'from-zero' ? { ...range, low: Math.min(0, range.low) } : range);
}

function seriesLines(
  { name, look = '', points, evaluations = [], thinned }: Series & { readonly thinned: readonly Point[] },
  { exact = false, series, format }: CurvePlot,
  { across, up }: { readonly across: PlotScale; readonly up: PlotScale },
): Html {
  const path = line<Point>()
    .defined(hasValue)
    .x(({ step }) => across.at(step))
    .y(({ value }) => up.at(value as number))
    .digits(1);
  const draw = (curve: readonly Point[]) => path([...curve]) ?? '';
  const raw = draw(thinned);
  const whose = series.length > 1 ? `${name}, ` : '';
  return html`<g class="${look}">${
    exact
      ? html`<path class="smooth" d="${raw}"/>`
      : html`${series.length > 1 ? [] : html`<path class="raw" d="${raw}"/>`}<path class="smooth" d="${draw(smooth(points, SMOOTH_POINTS))}"/>`
  }${evaluations
    .filter(hasValue)
    .map(
      (point) =>
        html`<path class="dot" d="${draw([point])}"><title>${`${whose}held-out rows after step ${formatCount(point.step)}: ${format(point.value)}`}</title></path>`,
    )}</g>`;
}

const legendOf = (series: readonly Series[]): Html =>
  html`<p class="legend">${series.map(({ name, look = '' }) => html`<span class="key ${look}"><i></i><bdi>${name}</bdi></span> `)}</p>`;

/** Lines of a table of figures. */
const STRETCHES = 10;

/** Means over stretches of the run, and every evaluation: not each of a hundred thousand steps. */
function figuresOf({ series, format, exact = false }: CurvePlot): FigureTable {
  const shown = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format(value));
  const [only] = series;
  const parts = series.map(({ points }) => stretches(points, STRETCHES));
  const longest = parts.reduce((most, one) => (one.length > most.length ? one : most), []);
  const single = series.length === 1 && !exact;
  const names = single ? ['mean', 'lowest', 'highest'] : series.map(({ name }) => name);
  const held = series.flatMap(({ name, evaluations = [] }, i) =>
    evaluations.map(({ step, value }) => [
      `held-out rows after step ${formatCount(step)}${series.length > 1 ? `, ${name}` : ''}`,
      ...names.map((_, column) => (column === (single ? 0 : i) ? shown(value) : '')),
    ]),
  );
  return {
    header: ['steps', ...names],
    lines: [
      ...longest.map(({ from, to }, i) => [
        from === to ? formatCount(from) : `${formatCount(from)} to ${formatCount(to)}`,
        ...(single && only
          ? [parts[0]?.[i]?.mean, parts[0]?.[i]?.low, parts[0]?.[i]?.high].map(shown)
          : parts.map((own) => shown(own[i]?.mean))),
      ]),
      ...held,
    ],
  };
}

/** What the picture says, for those who do not see it. */
function describe({ title, series, format }: CurvePlot, drawn: readonly Drawn[]): string {
  const { low, high } = rangeOf(drawn.map(({ value }) => value));
  const ways = series.flatMap(({ name, points }) => {
    const curve = points.filter(hasValue);
    const [first, last] = [curve[0], curve.at(-1)];
    if (!first || !last) return [];
    return `${series.length > 1 ? `${name} ` : ''}from ${format(first.value)} to ${format(last.value)}`;
  });
  const evaluations = series.reduce((sum, one) => sum + (one.evaluations?.length ?? 0), 0);
  const dots = evaluations > 0 ? `, with ${evaluations} evaluations` : '';
  return `${title} over the steps: ${[...ways, `between ${format(low)} and ${format(high)}`].join(', ')}${dots}`;
}
