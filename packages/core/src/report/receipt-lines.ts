import type { PackingReceipt } from '../batches/pack.ts';
import type { RecipeDefaults } from '../recipe/recipe.ts';
import type { DuplicateCounts } from '../rows/duplicates/duplicate-counts.ts';
import { placeOf } from '../rows/source-row.ts';
import { countDropped, type DroppedCounts, type Receipt } from '../tokenization/receipt.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { weightAdvice } from './advice/weight-advice.ts';
import { formatCount, formatCounted, formatShare, formatShort } from './format.ts';

/** A line of the receipt, for the terminal and for the page. */
export interface ReceiptLine {
  readonly label: string;
  readonly value: string;
  readonly notes: readonly string[];
}

type Weights = Pick<
  TrainingOptionsInput,
  'promptLossWeight' | 'promptLossFraction' | 'templateLossWeight' | 'lossNormalization'
>;

const reasons: Readonly<Record<Receipt['dropped'][number]['reason'], string>> = {
  'too-long': 'too long, and nothing in it may be cut',
  'answer-too-long': 'whose answer is longer than what the prompt leaves (--long-answers cut learns its beginning)',
  'no-weight': 'no token with a weight above 0 that could be learnt',
  invalid: 'invalid',
  duplicate: 'the same as an earlier row',
  'near-duplicate': 'nearly the same as an earlier row',
  'in-evaluation': 'a row to evaluate on too',
};

/** What became of the rows, and what will count how much. */
export function receiptLines(
  receipt: Receipt,
  { name, defaults }: { readonly name: string; readonly defaults: RecipeDefaults },
  weights: Weights,
  packing?: PackingReceipt | undefined,
): ReceiptLine[] {
  const { rows, kept, cut, cutTokens, cutAnswers, promptTokens, completionTokens, generationRatio, lengths, tallies } =
    receipt;
  const counts = Object.entries(tallies).map(([what, number]) => `${formatCount(number)} ${what}`);
  const dropped = rows - kept;
  return [
    {
      label: 'rows',
      value: `${formatCount(rows)} read, ${formatCount(kept)} kept (${formatCount(cut)} of them cut), ${formatCount(dropped)} dropped`,
      notes: [
        ...(cut > 0 ? [`cut: ${formatCounted(cutTokens, 'token')} in all`] : []),
        ...(cutAnswers > 0 ? [`answers cut: ${formatCount(cutAnswers)}; these have no end to learn`] : []),
        ...droppedNotes(receipt.dropped),
        ...invalidRowsInWords(receipt.dropped),
      ],
    },
    ...evaluationLines(receipt.evaluationDropped),
    ...fileLines(receipt.notes),
    ...duplicateLines(receipt.duplicates),
    ...unusedLines(receipt),
    ...(counts.length > 0 ? [{ label: 'counted', value: counts.join(', '), notes: [] }] : []),
    {
      label: 'tokens',
      value: `${formatCount(promptTokens + completionTokens)}: prompt ${formatCount(promptTokens)}, completion ${formatCount(completionTokens)}`,
      notes: [
        `an example: median ${formatCount(lengths.median)}, 90 % up to ${formatCount(lengths.p90)}, longest ${formatCount(lengths.longest)}`,
      ],
    },
    ...(packing ? [packingLine(packing)] : []),
    {
      label: 'R_g',
      value: formatShort(generationRatio),
      notes: [
        `completion tokens / prompt tokens; ${formatShort(defaults.generationRatio)} in the domain of ${name}, without what templates add`,
      ],
    },
    weightsLine(defaults, weights),
    adviceLine(receipt, weights),
    {
      label: 'prompt share',
      value: `${formatShare(promptShare(receipt, weights))} of the total weight`,
      notes: [],
    },
  ];
}

function unusedLines({ unused }: Receipt): ReceiptLine[] {
  const fields = Object.keys(unused).length;
  if (fields === 0) return [];
  return [
    { label: 'not used', value: `${formatCounted(fields, 'field')} of the rows`, notes: [unusedInWords(unused)] },
  ];
}

/** Fields that are named; those of the most rows first. */
const NAMED_FIELDS = 12;

/** Empty where everything that rows say is used. */
export function unusedInWords(unused: Receipt['unused']): string {
  const fields = Object.entries(unused).sort(([, one], [, other]) => other - one);
  const named = fields.slice(0, NAMED_FIELDS).map(([name, rows]) => `${name} in ${formatCounted(rows, 'row')}`);
  const more = fields.length - named.length;
  return [...named, ...(more > 0 ? [`${formatCounted(more, 'field')} more`] : [])].join(', ');
}

/** What was made of files that are not as their names say, or whose columns are not all read. */
const fileLines = (notes: readonly string[] = []): ReceiptLine[] =>
  notes.length === 0 ? [] : [{ label: 'files', value: notes[0] as string, notes: notes.slice(1) }];

function duplicateLines(duplicates: Receipt['duplicates']): ReceiptLine[] {
  const value = duplicates && duplicatesInWords(duplicates);
  return value ? [{ label: 'duplicates', value, notes: [] }] : [];
}

/** Empty where every row is one of its kind. */
export function duplicatesInWords(duplicates: DuplicateCounts): string {
  const { exact, near = 0, inEvaluation } = duplicates;
  const found = [
    ...(exact > 0 ? [`${formatCounted(exact, 'row')} the same as an earlier one`] : []),
    ...(near > 0 ? [`${formatCount(near)} nearly the same`] : []),
    ...evaluatedToo(inEvaluation),
  ];
  return found.join(', ');
}

function evaluatedToo({ exact, near = 0, dropped }: DuplicateCounts['inEvaluation']): string[] {
  if (exact + near === 0) return [];
  const nearly = near > 0 ? ` (${formatCount(near)} of them nearly)` : '';
  const what = dropped > 0 ? `${formatCount(dropped)} of them left out` : 'all of them trained on: see --leakage';
  return [`${formatCounted(exact + near, 'row')} to evaluate on too${nearly}, ${what}`];
}

function packingLine({ rows, rowLength, examplesPerRow, filled, sharing }: PackingReceipt): ReceiptLine {
  const shared = `what examples share is computed once a row: ${formatShort(sharing)} times fewer tokens than one by one`;
  return {
    label: 'packing',
    value: `${formatCount(rows)} rows of ${formatCount(rowLength)} tokens, ${formatShare(filled)} full, ${formatShort(examplesPerRow)} examples in each`,
    notes: sharing > 1 ? [shared] : [],
  };
}

/** Rows of `evalData` that are not evaluated on. */
function evaluationLines(dropped: Receipt['evaluationDropped'] = []): ReceiptLine[] {
  if (dropped.length === 0) return [];
  const notes = [...droppedNotes(dropped), ...invalidRowsInWords(dropped)];
  return [{ label: 'not evaluated', value: droppedInWords(countDropped(dropped)), notes }];
}

/** Up to three places of each reason: enough to look at. */
function droppedNotes(dropped: Receipt['dropped']): string[] {
  return countsByReason(countDropped(dropped)).map(([reason, rows]) => {
    const own = dropped.filter((row) => row.reason === reason);
    const places = own.slice(0, 3).map((row) => placeOf(row));
    return `dropped: ${formatCount(rows)} ${reasons[reason]} (${places.join('; ')}${rows > 3 ? '; …' : ''})`;
  });
}

/** Invalid rows with what is wrong with each, up to ten; run.json has all. */
export function invalidRowsInWords(dropped: Receipt['dropped']): string[] {
  const invalid = dropped.filter(({ problem }) => problem !== undefined);
  const named = invalid.slice(0, 10).map((row) => `invalid: ${placeOf(row)}: ${row.problem}`);
  return invalid.length > named.length ? [...named, `and ${formatCount(invalid.length - named.length)} more`] : named;
}

/** Empty where none is. */
export const droppedInWords = (dropped: DroppedCounts): string =>
  countsByReason(dropped)
    .map(([reason, rows]) => `${formatCounted(rows, 'row')} ${reasons[reason]}`)
    .join(', ');

const countsByReason = (dropped: DroppedCounts) => Object.entries(dropped) as [keyof DroppedCounts, number][];

function weightsLine(defaults: RecipeDefaults, weights: Weights): ReceiptLine {
  const { promptLossWeight, promptLossFraction, templateLossWeight = 0 } = weights;
  const others = `template ${formatShort(templateLossWeight)}, completion 1`;
  if (promptLossFraction !== undefined) {
    const value = `prompt as its share asks, ${others}`;
    return {
      label: 'weights',
      value,
      notes: ["the prompt's weight is worked out for every step, from that step's rows"],
    };
  }
  const recipes = `the recipe's: ${formatShort(defaults.promptLossWeight)}, because ${defaults.promptLossWeightReason}`;
  const value = `prompt ${formatShort(promptLossWeight ?? defaults.promptLossWeight)}, ${others}`;
  return { label: 'weights', value, notes: [recipes] };
}

/** Where to start by what was measured, whatever the recipe begins with. */
function adviceLine({ generationRatio }: Receipt, { lossNormalization }: Weights): ReceiptLine {
  const { start, sureness, evidence } = weightAdvice(generationRatio, { lossNormalization });
  return { label: 'advice', value: start, notes: [...evidence.slice(0, ADVICE_LINES), sureness] };
}

const ADVICE_LINES = 2;

/** The prompt's share of the total weight, 0 to 1. */
export const promptShare = ({ promptWeightShare }: Receipt, { promptLossFraction }: Weights): number =>
  promptLossFraction ?? promptWeightShare;
