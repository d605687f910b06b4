import type { DecoderConfig } from '../model/config.ts';
import { baseParameters, linearsOf } from '../model/parameters/parameter-table.ts';
import { sizeOf } from '../model/parameters/parameters.ts';

/** Rows that are read to choose from: tokenizing all of a large file would take longer than all checks do. */
export const ROWS_READ = 2000;

const ROWS = 8;
const TOKENS = 2048;

/** Weights × tokens: forward and back are six operations for each, so that it takes seconds on two processor cores. */
const WORK = 5e10;

/** Tokens that all rows may have together, so that all checks of a model take about a minute. */
export function tokensFor(config: DecoderConfig): number {
  const weights = baseParameters(config, linearsOf(config)).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return Math.floor(Math.min(TOKENS, WORK / weights));
}

/**
 * Rows of all lengths, by number: the shortest, the longest that fit, and as many between them, evenly by rank, as
 * `tokens` allow. Two at least, whatever they take, where there are two.
 */
export function chooseRows(lengths: readonly number[], tokens: number): number[] {
  const lengthOf = (i: number) => lengths[i] as number;
  const byLength = lengths.map((_, i) => i).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const fitting = byLength.filter((i) => lengthOf(i) <= tokens / 2);
  const from = fitting.length >= 2 ? fitting : byLength.slice(0, 2);
  for (let count = Math.min(ROWS, from.length); ; count--) {
    const chosen = evenly(from, count);
    const total = chosen.reduce((sum, i) => sum + lengthOf(i), 0);
    if (count <= 2 || total <= tokens) return chosen.sort((a, b) => a - b);
  }
}

const evenly = (items: readonly number[], count: number): number[] =>
  Array.from(
    { length: count },
    (_, k) => items[Math.round((k * (items.length - 1)) / Math.max(1, count - 1))] as number,
  );
