import { type Html, html } from './html.ts';

/** Numbers as people read them: the one set of formats, for pages and for the terminal. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

export const formatCount = (value: number): string => grouped.format(value);

/** A count and its noun: `1 row`, `2 rows`. */
export const formatCounted = (value: number, noun: string): string =>
  `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;

/** A loss in nats, or a dash where nothing was measured. */
export const formatLoss = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(4);

/** Four digits that matter: `0.7642`, `83.32`, `14,350`, `2.5e-7`. */
export function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return grouped.format(value);
  if (value !== 0 && Math.abs(value) < 1e-5) return value.toExponential().replace(/(\.\d{0,2})\d*/, '$1');
  return significant.format(value);
}

/** A weight or an option's number: no digits that say nothing. */
export const formatShort = (value: number): string => String(Number(value.toPrecision(3)));

/** Metrics may be shares of one or of a hundred: three decimals below ten, four digits above. */
export function formatMetric(value: number): string {
  const size = Math.abs(value) < 10 ? Math.abs(value).toFixed(3) : formatNumber(Math.abs(value));
  return value < 0 ? `−${size}` : size;
}

/** A change: `+0.730`, `−1.20`, and `0` for none. */
export function formatDifference(value: number): string {
  const size = formatMetric(Math.abs(value));
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${size}`;
}

/** `28 Nov 2026, 14:03 UTC` */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** A part of one; null (of nothing) is a dash. */
export const formatShare = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

/** Units of 1000: `812 MB`, `1.2 GB`. */
export function formatBytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const scaled = value / 1000 ** unit;
  return `${scaled >= 100 || unit === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

/** `0:07`, `12:40`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const pad = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** One entry of a list of facts, with a remark in small print. */
export function fact(label: string | Html, value: string, remark?: string): Html {
  return html`<div><dt>${label}</dt><dd>${value}${remark ? html`<small>${remark}</small>` : []}</dd></div>`;
}
