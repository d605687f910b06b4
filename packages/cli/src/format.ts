import stringWidth from 'string-width';

/** Numbers and tables, as people read them. */

export const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** `count` and its noun: `1 row`, `2 rows`. */
export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

export const percent = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`;

/** A loss in nats, or a dash where nothing was measured. */
export const nats = (loss: number | null | undefined): string =>
  loss === null || loss === undefined ? '–' : loss.toFixed(4);

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = n;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `0:07`, `12:40`, `1:02:03`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const pad = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** A weight or an option's number: no digits that say nothing. */
export const short = (n: number): string => String(Number(n.toPrecision(3)));

/** Columns as wide as their widest cell; numbers (columns from `numbersFrom` on) to the right. Ends with a newline. */
export function table(rows: readonly (readonly string[])[], numbersFrom = Number.POSITIVE_INFINITY): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => stringWidth(row[c] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((cell, c) => {
        const gap = ' '.repeat((widths[c] ?? 0) - stringWidth(cell));
        return c >= numbersFrom ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `  ${line}\n`).join('');
}
