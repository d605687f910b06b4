import type { PackingReceipt, Receipt, RecipeDefaults, TrainingOptionsInput } from '@counterweight/core';
import { count, counted, percent, short } from '../format.ts';

/** A line of the receipt, for the terminal and for the page. */
export interface ReceiptLine {
  readonly label: string;
  readonly value: string;
  readonly notes: readonly string[];
}

type Weights = Pick<TrainingOptionsInput, 'promptLossWeight' | 'promptLossFraction' | 'templateLossWeight'>;

const reasons: Readonly<Record<Receipt['dropped'][number]['reason'], string>> = {
  'too-long': 'too long, and nothing in it may be cut',
  'no-weight': 'no token with a weight above 0 that could be learnt',
};

/** What became of the rows, and what will count how much. */
export function receiptLines(
  receipt: Receipt,
  { name, defaults }: { readonly name: string; readonly defaults: RecipeDefaults },
  weights: Weights,
  packing?: PackingReceipt | undefined,
): ReceiptLine[] {
  const { rows, kept, cut, cutTokens, promptTokens, completionTokens, generationRatio, lengths, tallies } = receipt;
  const counts = Object.entries(tallies).map(([what, number]) => `${count(number)} ${what}`);
  const dropped = rows - kept;
  return [
    {
      label: 'rows',
      value: `${count(rows)} read, ${count(kept)} kept (${count(cut)} of them cut), ${count(dropped)} dropped`,
      notes: [...(cut > 0 ? [`cut: ${counted(cutTokens, 'token')} in all`] : []), ...droppedNotes(receipt)],
    },
    ...(counts.length > 0 ? [{ label: 'counted', value: counts.join(', '), notes: [] }] : []),
    {
      label: 'tokens',
      value: `${count(promptTokens + completionTokens)}: prompt ${count(promptTokens)}, completion ${count(completionTokens)}`,
      notes: [
        `an example: median ${count(lengths.median)}, 90 % up to ${count(lengths.p90)}, longest ${count(lengths.longest)}`,
      ],
    },
    ...(packing ? [packingLine(packing)] : []),
    {
      label: 'R_g',
      value: short(generationRatio),
      notes: [`completion tokens / prompt tokens; ${short(defaults.generationRatio)} in the domain of ${name}`],
    },
    weightsLine(defaults, weights),
    {
      label: 'prompt share',
      value: `${percent(promptShare(receipt, weights))} of the total weight`,
      notes: [],
    },
  ];
}

function packingLine({ rows, rowLength, examplesPerRow, filled, sharing }: PackingReceipt): ReceiptLine {
  const shared = `what examples share is computed once a row: ${short(sharing)} times fewer tokens than one by one`;
  return {
    label: 'packing',
    value: `${count(rows)} rows of ${count(rowLength)} tokens, ${percent(filled)} full, ${short(examplesPerRow)} examples in each`,
    notes: sharing > 1 ? [shared] : [],
  };
}

/** Up to three places of each reason: enough to look at. */
function droppedNotes({ dropped }: Receipt): string[] {
  return [...new Set(dropped.map(({ reason }) => reason))].map((reason) => {
    const rows = dropped.filter((row) => row.reason === reason);
    const places = rows.slice(0, 3).map(({ file, line }) => `${file ? `${file}, ` : ''}row ${line}`);
    return `dropped: ${count(rows.length)} ${reasons[reason]} (${places.join('; ')}${rows.length > 3 ? '; …' : ''})`;
  });
}

function weightsLine(defaults: RecipeDefaults, weights: Weights): ReceiptLine {
  const { promptLossWeight, promptLossFraction, templateLossWeight = 0 } = weights;
  const others = `template ${short(templateLossWeight)}, completion 1`;
  if (promptLossFraction !== undefined) {
    const value = `prompt as its share asks, ${others}`;
    return {
      label: 'weights',
      value,
      notes: ["the prompt's weight is worked out for every step, from that step's rows"],
    };
  }
  const recipes = `the recipe's: ${short(defaults.promptLossWeight)}, because ${defaults.promptLossWeightReason}`;
  const value = `prompt ${short(promptLossWeight ?? defaults.promptLossWeight)}, ${others}`;
  return { label: 'weights', value, notes: [recipes] };
}

/** The prompt's share of the total weight, 0 to 1. */
export const promptShare = ({ promptWeightShare }: Receipt, { promptLossFraction }: Weights): number =>
  promptLossFraction ?? promptWeightShare;
