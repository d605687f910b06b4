import type { Interval } from '../../recipe/resample.ts';
import { type Html, html } from '../html.ts';
import { acrossScale, type PlotScale, percent, rangeOf } from './scale.ts';

/** A number, with what chance leaves open of it. */
export interface IntervalLine {
  readonly name: string | Html;
  readonly value: number | null;
  readonly interval: Interval | null;
  /** Class that gives it its colour. */
  readonly look?: string;
  /** In small print behind the number. */
  readonly note?: string;
}

export interface IntervalTable {
  /** For those who do not see it: what the numbers are. */
  readonly caption: string;
  readonly lines: readonly IntervalLine[];
  /** A value that matters: 0 where the numbers are differences. */
  readonly zero?: number;
  readonly format: (value: number) => string;
}

/** A table whose numbers are drawn beside each other on one scale: dots with whiskers for 95 % intervals. */
export function intervalTable({ caption, lines, zero, format }: IntervalTable): Html {
  const values = lines.flatMap(({ value, interval }) => [...(value === null ? [] : [value]), ...(interval ?? [])]);
  const { low, high } = rangeOf([...values, ...(zero === undefined ? [] : [zero])].filter(Number.isFinite));
  const across = acrossScale(low === high ? { low: low - 1, high: high + 1 } : { low, high });
  return html`<table class="intervals"><caption class="unseen">${caption}</caption><tbody>${lines.map(
    (line) =>
      html`<tr class="${line.look ?? ''}"><th scope="row">${line.name}</th><td class="number">${numberOf(line, format)}</td><td class="track">${track(line, across, zero)}</td></tr>`,
  )}</tbody></table>`;
}

const numberOf = ({ value, interval, note }: IntervalLine, format: (value: number) => string): Html =>
  html`${value === null ? '–' : format(value)}${interval ? html` <small>${format(interval[0])} to ${format(interval[1])}</small>` : []}${note ? html` <small>${note}</small>` : []}`;

function track({ value, interval }: IntervalLine, across: PlotScale, zero: number | undefined): Html {
  if (value === null) return html``;
  const x = (at: number) => percent(across.at(at));
  return html`<svg aria-hidden="true" height="16" width="100%"><line class="base" x2="100%" y1="8" y2="8"/>${
    zero === undefined ? [] : html`<line class="zero" x1="${x(zero)}" x2="${x(zero)}" y2="16"/>`
  }${
    interval ? html`<line class="whisker" x1="${x(interval[0])}" x2="${x(interval[1])}" y1="8" y2="8"/>` : []
  }<circle cx="${x(value)}" cy="8" r="5"/></svg>`;
}
