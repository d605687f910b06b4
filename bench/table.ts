import { agrees, type Comparison, type Runs } from './compare.ts';
import type { Section } from './scenario.ts';
import type { Spread } from './statistics.ts';

/** Markdown: a row a side, ours and theirs below each other, then their ratio beside its target. */
export function tableOf({ comparisons, operations, note, evidence = 'losses' }: Section): string {
  const peak = peakRates(comparisons.map(({ comparison }) => comparison));
  return [
    '| | | tokens/s | s/step | first step / later | peak resident, MB | share of the product rate |',
    '|---|---|---|---|---|---|---|',
    ...comparisons.flatMap(({ what, comparison }) => [
      rowOf(what, comparison.ours, peak, operations),
      rowOf('', comparison.theirs, peak, operations),
      ratioRow(comparison),
    ]),
    '',
    ...(note ? [note, ''] : []),
    footnote(
      comparisons.map(({ comparison }) => comparison),
      peak,
      evidence,
    ),
    '',
  ].join('\n');
}

/** What a matrix product reached in any process of this run, by precision, in GFLOP/s. */
function peakRates(comparisons: readonly Comparison[]): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const { productGflops } of comparisons.flatMap(({ ours, theirs }) => [...ours.results, ...theirs.results])) {
    for (const [precision, rate] of Object.entries(productGflops)) {
      rates[precision] = Math.max(rate, rates[precision] ?? 0);
    }
  }
  return rates;
}

function rowOf(what: string, side: Runs, peak: Record<string, number>, operations: number | undefined): string {
  const rate = peak[precisionOf(side)];
  const share = operations && rate ? (100 * operations) / side.stepSeconds.median / rate / 1e9 : undefined;
  const cells = [
    what,
    side.name,
    show(side.tokensPerSecond, 1, 0),
    show(side.stepSeconds, 1, 3),
    show(side.firstStepRatio, 1, 1),
    show(side.peakResidentBytes, 1e-6, 0),
    share === undefined ? '' : `${share.toFixed(0)} %`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function ratioRow({ speedRatio, memoryRatio, targets }: Comparison): string {
  const aims = [
    ...(targets.speed ? [`≥ ${targets.speed}`] : []),
    ...(targets.tokensPerSecond ? [`≥ ${targets.tokensPerSecond} tokens/s`] : []),
  ];
  const speed = `**${show(speedRatio, 1, 2)}**${aims.length > 0 ? ` (aim: ${aims.join(', ')})` : ''}`;
  const memory = `${show(memoryRatio, 1, 2)}${targets.memory ? ` (aim: ≤ ${targets.memory})` : ''}`;
  return `| | ratio | ${speed} | | | ${memory} | |`;
}

function footnote(comparisons: readonly Comparison[], peak: Record<string, number>, evidence: string): string {
  const rounds = comparisons[0]?.ours.results.length ?? 0;
  const differences = comparisons.map(
    (comparison) => comparison.lossDifference.toExponential(0) + (agrees(comparison) ? '' : ' (NOT THE SAME WORK)'),
  );
  const rates = Object.entries(peak).map(([precision, rate]) => `${rate.toFixed(0)} GFLOP/s in ${precision}`);
  return (
    `${rounds} rounds, alternating; median [min–max], ratios within a round. The sides' ${evidence} differ by ` +
    `${[...new Set(differences)].join(', ')} at most. The best matrix product of this run: ${rates.join(', ')}. ${versionsOf(comparisons)}`
  );
}

function versionsOf(comparisons: readonly Comparison[]): string {
  const sides = comparisons.flatMap(({ ours, theirs }) => [ours, theirs]);
  const described = sides.map(({ results }) => {
    const { versions = {}, threads = 0 } = results.at(-1) ?? {};
    const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return `${packages.join(', ')}: ${threads} threads`;
  });
  return `${[...new Set(described)].join('; ')}.`;
}

const precisionOf = ({ name }: Runs): string => (name.includes('bf16') ? 'bf16' : 'f32');

export function show({ median, min, max }: Spread, factor: number, digits: number): string {
  const [middle, low, high] = [median, min, max].map((value) => (value * factor).toFixed(digits));
  return low === high ? (middle as string) : `${middle} [${low}–${high}]`;
}
