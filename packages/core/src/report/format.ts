import { type Html, html } from './html.ts';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

export const formatCount = (value: number): string => grouped.format(value);
export const formatLoss = (value: number): string => value.toFixed(3);

/** Four digits that matter: `0.7642`, `83.32`, `14,350`, `2.5e-7`. */
export function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return grouped.format(value);
  if (value !== 0 && Math.abs(value) < 1e-5) return value.toExponential().replace(/(\.\d{0,2})\d*/, '$1');
  return significant.format(value);
}

/** Metrics may be shares of one or of a hundred: three decimals below ten, four digits above. */
export const formatMetric = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(3) : formatNumber(value));

/** A part of one; null (of nothing) is a dash. */
export const formatShare = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

/** One entry of a list of facts, with a remark in small print. */
export function fact(label: string | Html, value: string, remark?: string): Html {
  return html`<div><dt>${label}</dt><dd>${value}${remark ? html`<small>${remark}</small>` : []}</dd></div>`;
}
