import { printable } from '@counterweight/core';
import type { ReceiptLine } from '@counterweight/core/report';
import wrapAnsi from 'wrap-ansi';
import { percent } from '../format.ts';
import type { Page } from './print-example.ts';

const barWidth = 40;

/** The receipt as a list, with a bar for the prompt's share of the total weight. */
export function printReceipt(lines: readonly ReceiptLine[], share: number, { colors, columns }: Page): string {
  const labelWidth = Math.max(...lines.map(({ label }) => label.length)) + 2;
  const indent = ' '.repeat(labelWidth + 2);
  const entries = lines.map(({ label, value, notes }) => {
    const details = notes.flatMap((note) =>
      wrapAnsi(printable(note), Math.max(30, columns - indent.length)).split('\n'),
    );
    return [`  ${label.padEnd(labelWidth)}${value}`, ...details.map((line) => indent + colors.dim(line))].join('\n');
  });
  return [colors.bold('Receipt'), ...entries, indent + shareBar(share, colors), ''].join('\n');
}

function shareBar(share: number, colors: Page['colors']): string {
  const prompt = Math.round(share * barWidth);
  const bar = colors.cyan('▒'.repeat(prompt)) + colors.green('█'.repeat(barWidth - prompt));
  return `${bar}  ${colors.cyan(`▒ prompt ${percent(share)}`)}  ${colors.green(`█ the rest`)}`;
}
