import { formatCount, formatNumber, formatShare, formatShort } from '../report/format.ts';
import { droppedInWords } from '../report/receipt-lines.ts';
import type { RunRecord } from '../report/run-record.ts';
import type { RunDescription } from '../run/describe-run.ts';
import { countDropped } from '../tokenization/receipt.ts';
import { inline, paragraphs, table } from './markdown.ts';

/** What the model was shown: counts and hashes, never what rows say. */
export function dataSection({ description, evaluations }: RunRecord): string {
  const { receipt, inputs } = description;
  const { rows, dropped, cut, promptTokens, completionTokens, generationRatio } = receipt;
  const why = droppedInWords(countDropped(dropped));
  const facts = [
    ['rows read', formatCount(rows)],
    ['rows trained on', formatCount(description.examples.count)],
    ['left out', dropped.length === 0 ? '0' : `${formatCount(dropped.length)}: ${inline(why)}`],
    ...(cut > 0 ? [['prompts cut to length', formatCount(cut)]] : []),
    ['held out, and evaluated on', formatCount(evaluations.at(-1)?.evaluation.rows ?? 0)],
    ['tokens', `${formatCount(promptTokens)} of prompts, ${formatCount(completionTokens)} of completions`],
    ['completion tokens ÷ prompt tokens', generationRatio === null ? '–' : formatNumber(generationRatio)],
  ];
  const files = [
    ...inputs.data.map((file) => ['trained on', file] as const),
    ...inputs.evalData.map((file) => ['evaluated on', file] as const),
  ];
  return paragraphs(
    '## What it was trained on',
    table(['', ''], facts),
    table(
      ['file', '', 'SHA-256'],
      files.map(([what, { file, sha256 }]) => [inline(file), what, `\`${sha256}\``]),
    ),
    '## How much the prompt counts',
    weights(description),
  );
}

function weights({ recipe, receipt, training }: RunDescription): string {
  const {
    promptLossWeight,
    promptLossFraction,
    templateLossWeight = 0,
  } = training as Readonly<Record<string, number | undefined>>;
  const share = promptLossFraction ?? receipt.promptWeightShare;
  const said =
    promptLossFraction === undefined
      ? `A token of the prompt weighs ${formatShort(promptLossWeight ?? 0)} in the loss`
      : 'The weight of the prompt was worked out for every step';
  const own = recipe.defaults;
  const why =
    own && promptLossFraction === undefined && promptLossWeight === own.promptLossWeight
      ? ` That is where the recipe ${inline(recipe.name)} starts: ${inline(own.promptLossWeightReason)}.`
      : '';
  return `${said}, a token of the completion 1, of the template ${formatShort(templateLossWeight)}; the prompt makes up ${formatShare(share)} of the total weight.${why}`;
}
