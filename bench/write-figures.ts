import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { machine } from './results.ts';
import { at, type Section } from './scenario.ts';
import { tableOf } from './table.ts';

/** The last figures of each scenario, committed; the README's tables are made of them. */
interface Figures {
  [scenario: string]: { readonly day: string; readonly machine: ReturnType<typeof machine>; readonly tables: Table[] };
}
interface Table {
  readonly title: string;
  readonly table: string;
}

const START = '<!-- figures: pnpm bench --write -->';
const END = '<!-- end of figures -->';

/** Puts a scenario's tables in the place of its last ones, in bench/figures.json and in bench/README.md. */
export function writeFigures(name: string, sections: readonly Section[]): void {
  const file = at('figures.json');
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : {};
  const tables = sections.map((section) => ({ title: section.title, table: tableOf(section) }));
  const figures: Figures = {
    ...before,
    [name]: { day: new Date().toISOString().slice(0, 10), machine: machine(), tables },
  };
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);

  const readme = at('README.md');
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), figures));
}

/** @throws {Error} when the page has no place for figures. */
export function withFigures(page: string, figures: Figures): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`The page has no ${START} … ${END}`);
  const parts = Object.entries(figures).map(([name, { day, machine, tables }]) => {
    const heading = `### ${name}\n\n${day}, ${machine.processor}, ${machine.cores} cores.\n`;
    return [heading, ...tables.map(({ title, table }) => `**${title}**\n\n${table}`)].join('\n');
  });
  return `${page.slice(0, start + START.length)}\n\n${parts.join('\n')}\n${page.slice(end)}`;
}
