import { printable } from '@counterweight/core';
import type { Terminal } from './terminal.ts';

export interface RowStream {
  /** How many rows there are. */
  begin(rows: number): void;
  /** A piece of a row's text, as it is made. */
  text(row: number, piece: string): void;
  /** All texts are there; null of a row that was left out. */
  end(outputs: readonly (string | null)[]): void;
}

/**
 * Shows texts while they are made. One row appears piece by piece; of several, which grow side by side, each is shown
 * when all are there, and the status line tells how they grow.
 */
export function streamRows(terminal: Terminal): RowStream {
  let rows = 1;
  const started = new Set<number>();
  let pieces = 0;
  return {
    begin(count) {
      rows = count;
    },
    text(row, piece) {
      if (rows === 1) terminal.print(printable(piece));
      started.add(row);
      pieces++;
      if (rows > 1) terminal.status(`${started.size}/${rows} rows, ${pieces} tokens`);
    },
    end(outputs) {
      terminal.status('');
      if (rows === 1) return terminal.print('\n');
      for (const [i, output] of outputs.entries())
        if (output !== null) terminal.print(`${terminal.colors.dim(`${i + 1}`)}  ${printable(output)}\n`);
    },
  };
}
