import { formatCounted, formatShare } from '../../report/format.ts';
import type { OutcomeAnalysis, SweepAnalysis, WeightOutcome } from './analysis.ts';
import { formatChange, formatInterval, formatSize, weightsInWords } from './words.ts';

/**
 * An analysis in plain lines, for a terminal or a log: the recommended weight, the claims, a table for each outcome with
 * the prompt's share beside every weight, and what could not be said.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { describeAnalysis, type SweepAnalysis } from '@counterweight/core';
 *
 * const analysis: SweepAnalysis = JSON.parse(await readFile('sweeps/first/analysis.json', 'utf8'));
 * console.log(describeAnalysis(analysis, { tables: ['exactMatch', 'completionLoss'] }).join('\n'));
 * ```
 * @param tables the outcomes whose tables are wanted; default all
 */
export function describeAnalysis(
  analysis: SweepAnalysis,
  { tables }: { readonly tables?: readonly string[] } = {},
): string[] {
  const { claims, notes } = analysis;
  const outcomes = analysis.outcomes.filter(({ name }) => tables?.includes(name) ?? true);
  return [
    analysis.recommendation,
    ...recommendedLines(analysis),
    '',
    ...claims.flatMap(({ claim, statement, sentence, holds, evidence }) => [
      `(${claim}) ${statement}: ${holds === null ? 'open' : holds ? 'it holds here' : 'it does not hold here'}.`,
      ...[sentence, ...evidence].map((line) => `    ${line}`),
    ]),
    ...settingLines(analysis),
    ...outcomes.flatMap((outcome) => ['', ...outcomeLines(outcome, analysis)]),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ];
}

function recommendedLines({ recommended, weights }: SweepAnalysis): string[] {
  if (!recommended) return [];
  const { promptLossWeight, interval, settings, promptShare } = recommended;
  const others = Object.entries(settings).map(([option, value]) => `, ${option} ${value}`);
  const range = `from ${formatSize(interval[0])} to ${formatSize(interval[1])} when seeds are drawn again (95 %)`;
  const share = promptLossWeight > 0 ? `; the prompt makes up ${formatShare(promptShare)} of the total weight` : '';
  const tried = weights.some(({ candidates }) => candidates.length > 1) ? others.join('') : '';
  return [`promptLossWeight ${promptLossWeight}${tried}: the choice is ${range}${share}.`];
}

/** What each weight was compared at, where there was a choice. */
function settingLines({ weights }: SweepAnalysis): string[] {
  if (weights.every(({ candidates, settings }) => candidates.length < 2 && Object.keys(settings).length === 0))
    return [];
  const lines = weights.map(({ weight, settings, candidates }) => {
    const chosen = Object.entries(settings).map(([option, value]) => `${option} ${value}`);
    return `    weight ${weight}: ${chosen.join(', ')} (${formatCounted(candidates.length, 'setting')} tried)`;
  });
  return ['', 'Each weight at its own best on validation rows:', ...lines];
}

/** A table: a weight a line. */
function outcomeLines(outcome: OutcomeAnalysis, analysis: SweepAnalysis): string[] {
  const { title, header, lines, notes } = outcomeTable(outcome, analysis);
  return [title, ...aligned([header, ...lines]), ...notes];
}

/** What is no mean over rows or texts. */
const OF_NO_ROWS = /^distance|^lossDeviation$/;

/** What stands in a table of an outcome, and in words above and below it. */
export function outcomeTable(outcome: OutcomeAnalysis, { weights, seeds }: SweepAnalysis) {
  const { name, direction, rows } = outcome;
  const good = direction === 'descriptive' ? '' : `, ${direction.replaceAll('-', ' ')}`;
  const on = `${formatCounted(seeds.length, 'seed')}${rows > 0 ? `, ${formatCounted(rows, 'row')}` : OF_NO_ROWS.test(name) ? '' : '; chance of rows not counted'}`;
  const lines = outcome.byWeight.map((own, i) => cells(own, weights[i]?.promptShare ?? Number.NaN));
  return {
    title: `${name}${good} (${on}). ${sensitivityOf(outcome)}`,
    header: ['weight', 'prompt’s share', 'mean', 'from weight 0', '95 %', 'p', 'corrected', 'verdict'],
    lines,
    notes: curveLine(outcome),
  };
}

/** How small an effect the table could have shown, and what counts as none. */
function sensitivityOf({ detectable, margin }: OutcomeAnalysis): string {
  const seen =
    detectable === null
      ? 'So few seeds can show no difference.'
      : detectable === 0
        ? 'Every seed shows the same differences.'
        : `A true difference of ${formatSize(detectable)} would have been seen (80 % power).`;
  return margin === null ? seen : `${seen} Equivalent: within ${formatSize(margin)}.`;
}

function cells({ weight, mean, difference }: WeightOutcome, promptShare: number): string[] {
  const start = [String(weight), Number.isFinite(promptShare) ? formatShare(promptShare) : '–'];
  const own = mean === null ? '–' : formatSize(mean);
  if (!difference) return [...start, own, '', '', '', '', ''];
  const { effect, interval, pValue, pCorrected, verdict, moreSeeds, seeds } = difference;
  const about = seeds > 1 ? 'about' : 'at least';
  return [
    ...start,
    own,
    effect === null ? '–' : formatChange(effect),
    interval ? formatInterval(interval) : '–',
    ...[pValue, pCorrected].map((p) => (p === null ? '–' : String(Number(p.toPrecision(2))))),
    moreSeeds === null ? verdict : `${verdict}, ${about} ${formatCounted(moreSeeds, 'more seed')} would tell`,
  ];
}

function curveLine({ curve, direction }: OutcomeAnalysis): string[] {
  if (!curve || direction === 'descriptive') return [];
  const { optimum, best, misses } = curve;
  const [low, high] = best.interval.map(formatSize);
  const at = `${formatSize(best.weight)}, 95 %: ${low} … ${high}`;
  if (optimum) return [`A quadratic in w^0.30103 is best at weight ${at}.`];
  if (misses.length > 0) {
    return [
      `A quadratic in w^0.30103 does not go through these means (it misses ${weightsInWords(misses)}): no optimum from it.`,
    ];
  }
  return [`A quadratic in w^0.30103 has no optimum that is surely between the ends (best at ${at}).`];
}

/** Columns, two spaces apart; nothing at the ends of lines. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
