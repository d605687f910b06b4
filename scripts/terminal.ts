/** What scripts print: steps with their time, a live line on a terminal, tables. */

const startedAt = performance.now();
const live = process.stderr.isTTY === true;
let lastPrinted = 0;

const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s`;

export function printStep(text: string): void {
  clearLine();
  process.stderr.write(`[${seconds()}] ${text}\n`);
}

/** Progress of something that is counted: live on a terminal, a line every 15 seconds elsewhere. */
export function progressLine(label: string): (done: number, of: number) => void {
  return (done, of) => {
    const text = `[${seconds()}] ${label}: ${done} of ${of}`;
    if (live) {
      clearLine();
      process.stderr.write(done === of ? `${text}\n` : text);
    } else if (done === of || performance.now() - lastPrinted > 15_000) {
      lastPrinted = performance.now();
      process.stderr.write(`${text}\n`);
    }
  };
}

function clearLine(): void {
  if (live) process.stderr.write('\r\u001b[K');
}

/** The first column to the left, the others to the right if they hold numbers. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const numeric = head.map((_, column) => column > 0 && rows.every((row) => /^[\d–]/.test(row[column] ?? '')));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('   ')
      .trimEnd();
  console.log(`\n${line(head)}`);
  console.log(widths.map((width) => '─'.repeat(width)).join('───'));
  for (const row of rows) console.log(line(row));
}
