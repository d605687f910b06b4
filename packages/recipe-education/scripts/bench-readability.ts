/**
 * How long 1 MB of text takes, every formula, in a process that has counted nothing yet:
 *
 *     node packages/recipe-education/scripts/bench-readability.ts [TEXT_FILE]
 *
 * Without a file, the fixtures' texts are repeated; a real text has more different words and takes a little longer.
 */
import { readdirSync, readFileSync } from 'node:fs';

const MEGABYTE = 1_000_000;

const started = performance.now();
const { readability } = await import('../src/index.ts');
const loaded = performance.now();

const text = megabyteOf(process.argv[2] ? readFileSync(process.argv[2], 'utf8') : fixtureTexts());
const first = measure();
const second = measure();
const { counts, fleschKincaidGrade } = readability(text);

console.log(`${text.length} characters, ${counts.words} words, ${counts.sentences} sentences`);
console.log(`Flesch–Kincaid grade ${fleschKincaidGrade.toFixed(2)}`);
console.log(`loading the package: ${seconds(loaded - started)}`);
console.log(`first time: ${first}; again: ${second}`);

/** Beside the time that passed, the processor's: they differ on a busy machine. */
function measure(): string {
  const before = { time: performance.now(), cpu: process.cpuUsage() };
  readability(text);
  const { user, system } = process.cpuUsage(before.cpu);
  return `${seconds(performance.now() - before.time)} (processor ${seconds((user + system) / 1000)})`;
}

function megabyteOf(sample: string): string {
  return sample.repeat(Math.ceil(MEGABYTE / sample.length)).slice(0, MEGABYTE);
}

function fixtureTexts(): string {
  const folder = new URL('../fixtures/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  const rows = files.flatMap((file) => readFileSync(new URL(file, folder), 'utf8').trim().split('\n'));
  return rows
    .map((row) =>
      Object.values(JSON.parse(row))
        .filter((value) => typeof value === 'string')
        .join('\n'),
    )
    .join('\n');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
