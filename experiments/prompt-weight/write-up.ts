/**
 * Puts what came out into `docs/how-much-should-the-prompt-count.md`, between the marks `<!-- result NAME -->` or
 * `<!-- claims -->` and `<!-- end -->`, its pictures beside it, and what advice goes by into core:
 *
 *     node experiments/prompt-weight/write-up.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { OutcomeAnalysis } from '@counterweight/core';
import { outcomeTable } from '../../packages/core/src/sweep/analysis/describe-analysis.ts';
import { claimsTable } from './claims-table.ts';
import { measuredFile, measuredInJson } from './measured.ts';
import { PICTURED, plot } from './plot.ts';
import { type Result, readResult, resultNames } from './result.ts';

const folder = new URL('../../docs/', import.meta.url);
export const page = new URL('how-much-should-the-prompt-count.md', folder);

/** Of all that is measured, what stands in the page; the rest is in the committed results. */
const SHOWN = [
  'exactMatch',
  'completionLoss',
  'promptLoss',
  'klBase',
  'neutralLoss',
  'distanceL2',
  'gap',
  'overlap',
  'sensitivity',
  'cutShare',
  'outputLength',
];
const MARKED = /(<!-- result ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g;
const CLAIMS = /(<!-- claims -->\n)[\s\S]*?(<!-- end -->)/;

/** The experiments that a page has a place for, by name, run or not. */
export const resultsIn = (text: string): string[] => [...text.matchAll(MARKED)].map(([, , name = '']) => name);

/** The page with what the results say now. */
export const written = (text: string): string =>
  text
    .replace(CLAIMS, (_, start: string, end: string) => `${start}${claimsTable(digits)}${end}`)
    .replace(MARKED, (_, start: string, name: string, end: string) => {
      const isThere = resultNames().includes(name);
      return `${start}${isThere ? section(name, readResult(name)) : NOT_YET}${end}`;
    });

const NOT_YET = '\nNot run to its end yet.\n\n';

const digits = (value: number): string => String(Number(value.toPrecision(3)));
const signed = (value: number): string => (value < 0 ? `−${digits(-value)}` : `+${digits(value)}`);

function section(name: string, { plan, analysis, version, processor, cores, computedSeconds, trials }: Result): string {
  const compared = trials.filter(({ stage }) => stage === 'compare').length;
  const { generationRatio, train, validation, test } = plan.rows;
  const outcomes = SHOWN.flatMap((shown) => analysis.outcomes.find((outcome) => outcome.name === shown) ?? []);
  const facts = `${compared} trainings on ${train} rows (R_g ${digits(generationRatio)}), ${plan.seeds.length} seeds; ${validation} rows choose, ${test} report. ${processor}, ${cores} cores, a training on each: ${Math.round(computedSeconds / 60)} minutes of all trainings together, by version ${version}. \`node experiments/prompt-weight/main.ts ${name}\``;
  return [
    '',
    facts,
    '',
    `![differences from weight 0](prompt-weight/${name}.svg)`,
    '',
    ...table(outcomes, analysis.weights),
    '',
    ...seen(outcomes),
    ...quadratics(outcomes, analysis),
    ...analysis.notes,
    '',
    '| claim | here | how it was judged |',
    '| --- | --- | --- |',
    ...analysis.claims.map(
      ({ claim, statement, holds, sentence, evidence }) =>
        `| (${claim}) ${statement} | ${holds === null ? 'open' : holds ? 'holds' : 'does not hold'} | ${[sentence, ...evidence].join('<br>')} |`,
    ),
    '',
    analysis.recommendation,
    '',
    '',
  ].join('\n');
}

function table(outcomes: readonly OutcomeAnalysis[], weights: Result['analysis']['weights']): string[] {
  const cell = ({ byWeight }: OutcomeAnalysis, i: number): string => {
    const { mean, difference } = byWeight[i] ?? { mean: null, difference: null };
    if (mean === null) return '–';
    if (!difference || difference.effect === null || !difference.interval) return digits(mean);
    const mark = difference.verdict === 'different' ? '**' : '';
    const [low, high] = difference.interval.map(signed);
    return `${mark}${digits(mean)}${mark} (${low} … ${high})`;
  };
  return [
    `| weight | prompt's share | ${outcomes.map(({ name }) => name).join(' | ')} |`,
    `| --- | --- | ${outcomes.map(() => '---').join(' | ')} |`,
    ...weights.map(({ weight, promptShare }, i) => {
      const cells = outcomes.map((outcome) => cell(outcome, i));
      return `| ${weight} | ${(100 * promptShare).toFixed(1)} % | ${cells.join(' | ')} |`;
    }),
  ];
}

/** Means, the 95 % interval of the difference from weight 0, and how small a difference would have been seen. */
function seen(outcomes: readonly OutcomeAnalysis[]): string[] {
  const could = outcomes.flatMap(({ name, detectable }) => (detectable ? `${name} ${digits(detectable)}` : []));
  return [
    'Means, and in brackets the 95 % interval of the difference from weight 0; **bold** where a weight by itself is different.',
    `Differences that would have been seen with 80 % power: ${could.join(', ')}.`,
    `The chance of rows is in the intervals of ${listed(outcomes.filter(({ rows }) => rows > 0))}; the others are of these very rows and passages.`,
  ];
}

const listed = (outcomes: readonly OutcomeAnalysis[]): string => outcomes.map(({ name }) => name).join(', ');

/** What the study's own curve says of the tasks' outcomes. */
function quadratics(outcomes: readonly OutcomeAnalysis[], analysis: Result['analysis']): string[] {
  const asked = outcomes.filter(({ name }) => [analysis.primary, 'completionLoss'].includes(name));
  return asked.flatMap((outcome) => outcomeTable(outcome, analysis).notes.map((note) => `${outcome.name}: ${note}`));
}

if (import.meta.main) {
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, written(text));
  writeFileSync(measuredFile, measuredInJson());
  for (const name of resultNames()) {
    writeFileSync(new URL(`prompt-weight/${name}.svg`, folder), plot(readResult(name).analysis, PICTURED));
  }
}
