import type { AnswerSet, Baseline, Phrasings, Segment } from '@counterweight/core/recipe';
import { z } from 'zod';
import { normaliseLabel } from './normalise-label.ts';

/** A label as the words that the model reads and writes: `card_arrival` is "card arrival". */
export const labelSchema = z.string().transform((label) => label.replaceAll('_', ' ').trim());

/** Options of the tasks that answer with one of a set of labels. */
export const labelOptions = {
  /**
   * The whole set. With it, rows must keep to it and generation writes nothing else. Default: none, any label goes: a
   * data set is its own list of labels, and a second list would have to be kept equal to it.
   */
  labels: z
    .array(labelSchema.refine((label) => label !== '', 'a label is empty'))
    .min(2)
    .refine((labels) => new Set(labels.map(normaliseLabel)).size === labels.length, 'a label stands there twice')
    .optional()
    .describe('the whole set: rows must keep to it, and generation writes nothing else'),
  /**
   * Writes the set into every prompt. Default false: a model that is trained on the labels knows them, and seventy of
   * them are longer than most messages. True for few labels, or to ask a model before any training.
   */
  labelsInPrompt: z.boolean().default(false).describe('write the set of labels into the prompt'),
};

export interface LabelOptions {
  readonly labels?: readonly string[] | undefined;
  readonly labelsInPrompt: boolean;
}

/** A row's label, written as the set writes it. */
export function labelSchemaOf({ labels }: LabelOptions): z.ZodType<string, string> {
  if (!labels) return labelSchema;
  const known = new Map(labels.map((label) => [normaliseLabel(label), label]));
  return labelSchema.transform((label, context) => {
    const found = label === '' ? '' : known.get(normaliseLabel(label));
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `${JSON.stringify(label)} is none of the ${labels.length} labels` });
    return z.NEVER;
  });
}

/**
 * The instruction in all its phrasings, with the set where it is to be in the prompt: in any order, since a label is chosen
 * for what it says.
 */
export function instructionWith(
  text: string,
  phrasings: Phrasings,
  { labels, labelsInPrompt }: LabelOptions,
): Pick<Segment, 'text' | 'phrasings' | 'freedom'> {
  if (!labels || !labelsInPrompt) return { text, phrasings };
  const withSet = (instruction: string) => `${instruction} Choose from: ${labels.join('; ')}.`;
  const withSets = Object.entries(phrasings).map(([name, instruction]) => [name, withSet(instruction)]);
  return { text: withSet(text), phrasings: Object.fromEntries(withSets), freedom: { items: labels } };
}

/** What generation may write, where the set is known. */
export function answersOf({ labels }: Pick<LabelOptions, 'labels'>): { readonly answers?: AnswerSet } {
  return labels ? { answers: { texts: labels } } : {};
}

/** What can be had without reading a message: the label that most rows have; of equals the first by name. */
export function mostFrequentLabel<Row>(field: string, labelOf: (row: Row) => string | undefined): Baseline<Row> {
  return {
    name: `the most frequent ${field}`,
    answer(rows, training) {
      const counts = new Map<string, number>();
      for (const row of training) {
        const label = labelOf(row);
        if (label) counts.set(label, (counts.get(label) ?? 0) + 1);
      }
      const [[most] = ['']] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      return rows.map(() => most);
    },
  };
}
