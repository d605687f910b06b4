import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Comparison, SideSummary } from './alternate.ts';
import type { Spread } from './statistics.ts';

/** Writes `bench/results/NAME-TIME.json` and the same as a table in `.md`; gives both. */
export function writeResults(name: string, comparison: Comparison): { file: string; table: string } {
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'results');
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString();
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryBytes: totalmem() };
  const file = join(folder, `${name}-${time.replaceAll(/[:.]/g, '-')}.json`);
  const table = tableOf(comparison);
  writeFileSync(file, `${JSON.stringify({ name, time, machine, ...comparison }, null, 1)}\n`);
  writeFileSync(
    file.replace(/json$/, 'md'),
    `# ${name}, ${time}\n\n${machine.processor}, ${machine.cores} cores\n\n${table}`,
  );
  return { file, table };
}

/** Median, with the range in brackets. */
export function tableOf(comparison: Comparison): string {
  const { a, b, rounds, tokensPerSecondRatio, peakResidentBytesRatio, largestLossDifference } = comparison;
  return [
    '| | tokens/s | ms/step | first step, ms | peak resident, MB | threads |',
    '|---|---|---|---|---|---|',
    rowOf(a),
    rowOf(b),
    `| ratio of a round | ${show(tokensPerSecondRatio, 1, 2)} | | | ${show(peakResidentBytesRatio, 1, 2)} | |`,
    '',
    `${rounds} rounds, alternating; median [min–max]. Largest relative difference of a step's loss: ` +
      `${largestLossDifference.toExponential(1)}.`,
    `${a.name}: ${versionsOf(a)}. ${b.name}: ${versionsOf(b)}.`,
    '',
  ].join('\n');
}

function rowOf(side: SideSummary): string {
  const cells = [
    show(side.tokensPerSecond, 1, 0),
    show(side.stepSeconds, 1e3, 1),
    show(side.firstStepSeconds, 1e3, 0),
    show(side.peakResidentBytes, 1e-6, 0),
    side.threads,
  ];
  return `| ${side.name} | ${cells.join(' | ')} |`;
}

function show({ median, min, max }: Spread, factor: number, digits: number): string {
  const [middle, low, high] = [median, min, max].map((value) => (value * factor).toFixed(digits));
  return `${middle} [${low}–${high}]`;
}

function versionsOf(side: SideSummary): string {
  return Object.entries(side.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
