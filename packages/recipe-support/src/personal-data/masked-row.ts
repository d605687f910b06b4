import { z } from 'zod';
import { type MaskCounts, maskPersonalData } from './mask.ts';

/** The option that every task has. */
export const maskOption = {
  /**
   * Masks e-mail addresses, phone and card numbers in every text of a row, in training and in generation alike. Default
   * true: a model repeats what it was trained on, and what it never saw it cannot repeat.
   */
  maskPersonalData: z.boolean().default(true).describe('mask e-mail addresses, phone and card numbers'),
};

export interface MaskOption {
  readonly maskPersonalData: boolean;
}

/** A row that says what was masked in it; nothing when masking is off. */
export interface MaskedRow {
  readonly masked?: MaskCounts;
}

/** The schema, with the personal data masked in these fields of its row. */
export function masking<Row extends MaskedRow>(
  schema: z.ZodType<Row>,
  fields: readonly (keyof Row)[],
  { maskPersonalData: on }: MaskOption,
): z.ZodType<Row> {
  return on ? schema.transform((row) => maskFields(row, fields)) : schema;
}

function maskFields<Row extends MaskedRow>(row: Row, fields: readonly (keyof Row)[]): Row {
  const masked = { emailAddresses: 0, phoneNumbers: 0, cardNumbers: 0 };
  const texts: Partial<Record<keyof Row, string>> = {};
  for (const field of fields) {
    const value = row[field];
    if (typeof value !== 'string') continue;
    const { text, counts } = maskPersonalData(value);
    texts[field] = text;
    masked.emailAddresses += counts.emailAddresses;
    masked.phoneNumbers += counts.phoneNumbers;
    masked.cardNumbers += counts.cardNumbers;
  }
  return { ...row, ...texts, masked };
}

/** For the receipt: what was masked in a row. */
export function tallyMasks({ masked }: MaskedRow): Record<string, number> {
  return masked
    ? {
        'e-mail addresses masked': masked.emailAddresses,
        'phone numbers masked': masked.phoneNumbers,
        'card numbers masked': masked.cardNumbers,
      }
    : {};
}
