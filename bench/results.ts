import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './options.ts';
import { at, type Section } from './scenario.ts';

export const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
});

/** Writes every run to `bench/results/NAME-TIME.json`; gives the file. */
export function writeResults(name: string, options: BenchOptions, sections: readonly Section[]): string {
  const folder = at('results');
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString();
  const file = join(folder, `${name}-${time.replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify({ name, time, machine: machine(), options, sections }, null, 1)}\n`);
  return file;
}
