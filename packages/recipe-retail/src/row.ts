import { z } from 'zod';

/** A list is a JSON array, or, as a cell of a CSV file, one string with semicolons between the names. */
const names = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(';').filter((name) => name.trim() !== '') : value),
  z.array(z.string().trim().min(1)),
);

const reviewSchema = z.object({
  item: z.string().trim().min(1),
  stars: z.number().min(1).max(5).optional(),
  text: z.string().trim().optional(),
});

/** An item that the shopper sent back, with or without the reason. */
const returnSchema = z.union([
  z
    .string()
    .trim()
    .min(1)
    .transform((item) => ({ item, reason: undefined })),
  z.object({ item: z.string().trim().min(1), reason: z.string().trim().optional() }),
]);

/** What is known of a shopper; each field may be left out. */
const shopperFields = {
  /** One name a purchase, oldest first: a name stands there as often as it was bought. */
  history: names.default([]),
  /** "organic", "no nuts", "2 adults with kids" */
  preferences: names.default([]),
  /** Oldest first. */
  reviews: z.array(reviewSchema).default([]),
  /** Oldest first. */
  returned: z.array(returnSchema).default([]),
};

export type Review = z.output<typeof reviewSchema>;
export type Returned = z.output<typeof returnSchema>;

/** A row of any task: what the task does not speak of is empty. */
export interface RetailRow {
  readonly history: readonly string[];
  readonly preferences: readonly string[];
  readonly reviews: readonly Review[];
  readonly returned: readonly Returned[];
  /** What lies in the basket (*bought together*). */
  readonly basket: readonly string[];
  /** What was ordered (*likely returned*). */
  readonly order: readonly string[];
  /** What the shopper typed (*product search*). */
  readonly query: string;
  /** The right names, in no order that would matter to a metric; absent in rows to generate for. */
  readonly answer?: readonly string[] | undefined;
}

const nothing = { basket: [], order: [], query: '' };
const oneOrMore = (field: string) => names.refine((list) => list.length > 0, `"${field}" holds no name`);

/** `history`, `preferences`, `reviews` or `returned`: one at least; answer: `next`. */
export const nextItemsRow: z.ZodType<RetailRow> = z
  .object({ ...shopperFields, next: oneOrMore('next').optional() })
  .refine(
    ({ history, preferences, reviews, returned }) =>
      history.length + preferences.length + reviews.length + returned.length > 0,
    { path: ['history'], message: '"history" is missing, and so is everything else about the shopper' },
  )
  .transform(({ next, ...shopper }) => ({ ...shopper, ...nothing, answer: next }));

/** `basket`, and what is known of the shopper; answer: `together`. */
export const boughtTogetherRow: z.ZodType<RetailRow> = z
  .object({ ...shopperFields, basket: oneOrMore('basket'), together: oneOrMore('together').optional() })
  .transform(({ together, ...row }) => ({ ...nothing, ...row, answer: together }));

/** `order`, and what is known of the shopper; answer: `willReturn`, an empty list when everything was kept. */
export const likelyReturnedRow: z.ZodType<RetailRow> = z
  .object({ ...shopperFields, order: oneOrMore('order'), willReturn: names.optional() })
  .transform(({ willReturn, ...row }) => ({ ...nothing, ...row, answer: willReturn }));

/** `query`, and what is known of the shopper; answer: `results`. */
export const productSearchRow: z.ZodType<RetailRow> = z
  .object({ ...shopperFields, query: z.string().trim().min(1), results: oneOrMore('results').optional() })
  .transform(({ results, ...row }) => ({ ...nothing, ...row, answer: results }));
