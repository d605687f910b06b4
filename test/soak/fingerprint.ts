import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What says how long something took, and nothing of what was computed. */
const TIMINGS = new Set(['tokensPerSecond', 'stepSeconds', 'residentBytes', 'seconds']);
/** Page, description, record and history have times and paths in them, and sums are of logs with times; what they are of is compared. */
const LEFT_OUT = /(^(report\.html|run\.json|result\.json|history\.jsonl)|(^|\/)SHA256SUMS)$/;

/** What a run computed, by file: each step's line in its order, and the sum of every other file. */
export function fingerprint(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  return Object.fromEntries(
    paths
      .filter((path) => !LEFT_OUT.test(path))
      .map((path) => [path, path.endsWith('.jsonl') ? linesOf(join(folder, path)) : sumOf(join(folder, path))]),
  );
}

const sumOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function linesOf(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const withoutTimes = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([name]) => !TIMINGS.has(name)))
      : value;
  return lines.map((line) => JSON.stringify(JSON.parse(line, withoutTimes))).join('\n');
}

/** The first file that two runs do not have alike. */
export function firstDifference(expected: Record<string, string>, actual: Record<string, string>): string | undefined {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  const name = names.find((one) => expected[one] !== actual[one]);
  if (name === undefined) return undefined;
  if (!(name in actual)) return `${name} is missing`;
  return name in expected ? `${name} differs` : `${name} is left over`;
}
