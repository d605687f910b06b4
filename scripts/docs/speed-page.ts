import { readFileSync } from 'node:fs';
import { table } from './markdown.ts';

/** The figures of bench/README.md that compare an engine of ours with PyTorch, one a line. */
export function speedTable(): string {
  const rows = comparisons(readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8'));
  return table(['what', 'ours', 'theirs', 'tokens/s, ours', 'theirs', 'ratio', 'peak memory, ratio'], rows);
}

/** A group of rows in a table: ours, theirs, and their ratio. */
function comparisons(text: string): string[][] {
  let what = '';
  let label = '';
  let sides: string[][] = [];
  const found: string[][] = [];
  for (const line of text.split('\n')) {
    const [, title] = /^\*\*(.+)\*\*$/.exec(line) ?? [];
    if (title !== undefined) what = title;
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells[1] === 'ratio') {
      const [ours, theirs] = sides;
      if (ours && theirs) found.push(...compared(what, label, ours, theirs, cells));
      sides = [];
    } else if (/^(Counterweight|PyTorch|transformers)\b/.test(cells[1] ?? '')) {
      if (sides.length === 0) label = cells[0] ?? '';
      sides.push(cells);
    }
  }
  return found;
}

function compared(what: string, label: string, ours: string[], theirs: string[], ratio: string[]): string[][] {
  const [, our = '', ourSpeed] = ours;
  const [, their = '', theirSpeed] = theirs;
  const [, , speed, , , memory] = ratio;
  if (!/native|wasm/.test(our) || their.startsWith('Counterweight')) return [];
  const more = label.split(', ').filter((part) => ![what, our, their].some((said) => said.includes(part)));
  return [
    [
      [what, ...more].join('; '),
      ...[our.replace('Counterweight ', ''), their],
      ...[inThousands(first(ourSpeed)), inThousands(first(theirSpeed)), `**${first(speed)}**`, first(memory)],
    ],
  ];
}

/** The median, without the spread and the aim beside it. */
const first = (cell = ''): string => /[\d.]+/.exec(cell)?.[0] ?? '';
const inThousands = (number: string): string => Number(number).toLocaleString('en');
