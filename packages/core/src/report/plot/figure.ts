import { formatNumber } from '../format.ts';
import { type Html, html } from '../html.ts';
import { type PlotScale, percent } from './scale.ts';

export interface Figure {
  readonly title: string;
  /** Unit and meaning, in a few words. */
  readonly caption?: string | undefined;
  /** Classes that say how large it is and which colour it has. */
  readonly look: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly plot: Html;
  /** What the lines are called, where there are several. */
  readonly legend?: Html | undefined;
  readonly figures: FigureTable;
}

/** The numbers that a plot is made of. */
export interface FigureTable {
  readonly header: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** A plot with its title, and its numbers as a table for who wants to read them. */
export function figure({ title, caption, look, description, plot, legend, figures }: Figure): Html {
  return html`<figure class="chart ${look}">
<figcaption><b>${title}</b>${caption ? html` <span>${caption}</span>` : []}</figcaption>
${legend ?? []}
<svg role="img" aria-label="${description}">${plot}</svg>
<details class="figures"><summary>Figures<span class="unseen"> of ${title}</span></summary>${numberTable(title, figures)}</details>
</figure>
`;
}

/** The first column says what a line is about; the others are numbers. */
function numberTable(title: string, { header, lines }: FigureTable): Html {
  const [first = '', ...others] = header;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${`Figures of ${title}`}"><table><thead><tr><th scope="col">${first}</th>${others.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead><tbody>${lines.map(
    ([name = '', ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** The part of a plot that is stretched to its figure; strokes keep their width. */
export const stretched = (drawn: Html | readonly (Html | readonly Html[])[]): Html =>
  html`<svg width="100%" height="100%" viewBox="0 0 1000 1000" preserveAspectRatio="none">${drawn}</svg>`;

/** Horizontal lines with their values at the left. */
export const grid = (up: PlotScale, format: (value: number) => string = formatNumber): Html[] =>
  up.ticks.map((tick) => {
    const y = percent(up.at(tick));
    return html`<line x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y}" dy=".35em">${format(tick).replace(/^-/, '−')}</text>`;
  });

/** Values below the plot. */
export const below = (across: PlotScale, format: (value: number) => string = formatNumber): Html[] =>
  across.ticks.map(
    (tick) => html`<text class="step" x="${percent(across.at(tick))}" y="100%" dy="1.5em">${format(tick)}</text>`,
  );
