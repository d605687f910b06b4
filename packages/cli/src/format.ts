import stringWidth from 'string-width';

export {
  formatBytes as bytes,
  formatCount as count,
  formatCounted as counted,
  formatDuration as duration,
  formatLoss as nats,
  formatShare as percent,
  formatShort as short,
} from '@counterweight/core/report';

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
