import type { CheckResult, VerifiedRows } from '@counterweight/core';
import { count, counted, short } from '../format.ts';
import type { Colors } from '../terminal.ts';

export interface Page {
  readonly colors: Colors;
  readonly columns: number;
}

/** As wide as the longest name, `prompt-weight-0`, a difference of `1.2e-7`. */
const NAME = 15;
const DIFFERENCE = 6;
const INDENT = ' '.repeat(4);

/** A check as a line, and where it failed what differs and what that means below it. */
export function printCheck(check: CheckResult, { colors, columns }: Page): string {
  const { name, claim, pass, difference: measured, skipped, found = '', tolerance, meaning = '' } = check;
  const mark = pass === null ? colors.dim('–') : pass ? colors.green('✓') : colors.red('✗');
  const label = pass === false ? colors.bold(name.padEnd(NAME)) : name.padEnd(NAME);
  const difference = differenceOf(check).padStart(DIFFERENCE);
  if (pass === null) return `  ${mark} ${label}  ${' '.repeat(DIFFERENCE)}  ${colors.dim(`skipped: ${skipped}`)}\n`;
  const line = `  ${mark} ${label}  ${difference}  ${claim}\n`;
  if (pass) return line;
  const allowed = tolerance > 0 && measured !== null ? ` (rounding explains ${size(tolerance)})` : '';
  return line + [found + allowed, meaning].map((text) => wrapped(text, columns - INDENT.length)).join('');
}

const differenceOf = ({ difference }: CheckResult): string =>
  difference === null ? '' : difference === 0 ? 'same' : size(difference);

/** Two digits of what rounding makes, `3.4e-5`; three of what is larger. */
const size = (difference: number): string => (difference < 0.01 ? difference.toExponential(1) : short(difference));

/** Lines of whole words, indented. */
function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => `${INDENT}${line}\n`).join('');
}

/** What the checks look at. */
export function printRows(
  { rows, of, tokens, shortest, longest }: VerifiedRows,
  { recipe, trained, engine }: { readonly recipe: string; readonly trained: string; readonly engine: string },
  { colors }: Page,
): string {
  const lengths = rows === 1 ? `${count(tokens)} tokens` : `${count(shortest)} to ${count(longest)} tokens`;
  const chosen = rows === of ? counted(rows, 'row') : `${count(rows)} of ${count(of)} rows`;
  const title = colors.bold(`Verifying ${recipe}`);
  return `${title} on ${chosen} with ${lengths}; ${trained}\n${colors.dim(engine)}\n\n`;
}

/** How it came out, in a sentence or two. */
export function conclusion(checks: readonly CheckResult[]): string {
  const made = checks.filter(({ pass }) => pass !== null);
  const failed = made.filter(({ pass }) => pass === false).map(({ name }) => name);
  const left = checks.length - made.length;
  const skipped = left === 0 ? '' : `; ${left} could not be made here`;
  if (failed.length > 0) return `${failed.length} of ${made.length} checks failed: ${failed.join(', ')}${skipped}`;
  return `All ${made.length} checks passed${skipped}.`;
}

/** What the numbers are, and what they are compared with; empty where there are none. */
export function scale(checks: readonly CheckResult[]): string {
  const measured = checks.filter(({ difference, tolerance }) => tolerance > 0 && (difference ?? 0) > 0);
  if (measured.length === 0) return '';
  const most = size(Math.max(...measured.map(({ tolerance }) => tolerance)));
  return `Numbers are parts of a loss, or of the gradient's length; rounding explains up to ${most}.\n`;
}
