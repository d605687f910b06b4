import { measurementsOf, whenOf } from '../report/evidence/measurements.ts';
import { differenceOf, type Estimate, estimateOf } from '../report/evidence/metric-evidence.ts';
import { metricsOfRun } from '../report/evidence/metrics-of-run.ts';
import { compareSamples } from '../report/evidence/samples.ts';
import { DIRECTIONS, verdictOf } from '../report/evidence/verdict.ts';
import { formatCounted, formatDifference, formatLoss, formatMetric } from '../report/format.ts';
import type { RunRecord } from '../report/run-record.ts';
import { inWords } from '../report/text.ts';
import { inline, paragraphs, table } from './markdown.ts';

const VERDICTS = { better: 'better', worse: 'worse', changed: 'changed', open: 'may be chance' } as const;

/** What came of it: metrics before and after with what the choice of rows leaves open, and the losses. */
export function outcomeSection(record: RunRecord): string {
  const { before, after } = measurementsOf(record);
  if (!after) return paragraphs('## What came of it', 'Nothing was measured on rows that it has not seen.');
  const metrics = metricsOfRun(record);
  const rows = formatCounted(after.evaluation.rows, 'held-out row');
  return paragraphs(
    '## What came of it',
    `On ${rows}, after step ${after.step}. Intervals are what the choice of rows leaves open, at 95 %; they say nothing of other seeds.`,
    metricTable(record),
    lossTable(record),
    metrics
      .filter(({ definition }) => definition !== '')
      .map(({ name, definition, direction }) => `- ${inWords(name)}: ${inline(definition)} (${DIRECTIONS[direction]})`)
      .join('\n'),
    before ? '' : 'Nothing was measured before training.',
  );
}

function metricTable(record: RunRecord): string {
  const { before, after } = measurementsOf(record);
  const { baseline } = record.description;
  const header = ['metric', ...(before ? [whenOf(before)] : []), 'after', ...(before ? ['change', ''] : [])];
  return table(
    [...header, ...(baseline ? [`baseline: ${inline(baseline.name)}`] : [])],
    metricsOfRun(record).map((metric) => {
      const { name } = metric;
      const change = before && after ? differenceOf(name, before, after) : null;
      const known = baseline?.metrics[name];
      return [
        inWords(name),
        ...(before ? [withInterval(estimateOf(name, before), formatMetric)] : []),
        withInterval(after ? estimateOf(name, after) : null, formatMetric),
        ...(before ? [withInterval(change, formatDifference), VERDICTS[verdictOf(metric, change)]] : []),
        ...(baseline ? [known === undefined ? '–' : formatMetric(known)] : []),
      ];
    }),
  );
}

function withInterval(estimate: Estimate | null, format: (value: number) => string): string {
  if (!estimate) return '–';
  const { value, interval } = estimate;
  return interval ? `${format(value)} (${format(interval[0])} to ${format(interval[1])})` : format(value);
}

function lossTable(record: RunRecord): string {
  const { before, after } = measurementsOf(record);
  const losses = [
    ['loss on completions, nats a token', 'completionLoss'],
    ['loss on prompts, nats a token', 'promptLoss'],
  ] as const;
  return table(
    ['loss', ...(before ? [whenOf(before)] : []), 'after'],
    losses.flatMap(([label, name]) => {
      const [was, is] = [before?.evaluation[name] ?? null, after?.evaluation[name] ?? null];
      return is === null ? [] : [[label, ...(before ? [formatLoss(was)] : []), formatLoss(is)]];
    }),
  );
}

const SAMPLES = 3;

/** Held-out rows with what was written for them: their words, for who may show them. */
export function samplesSection(record: RunRecord): string {
  const { before, after } = measurementsOf(record);
  if (!after || after.predictions.length === 0) return '';
  const { better, worse, others } = compareSamples(metricsOfRun(record), { before, after });
  const shown = [...better, ...worse, ...others].slice(0, SAMPLES);
  return paragraphs(
    '## Outputs',
    ...shown.map(({ after: { row, prompt, reference, output } }) =>
      paragraphs(`Row ${row}:`, asCode(`${prompt}\n\nexpected: ${reference}\noutput:   ${output}`)),
    ),
  );
}

/** Four spaces before each line: nothing inside can end it. */
const asCode = (text: string): string => text.replaceAll(/^(?=.)/gm, '    ');
