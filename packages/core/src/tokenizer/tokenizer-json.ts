import { z } from 'zod';
import { hasNestedRepetition } from './nested-repetition.ts';

/** No tokenizer has nearly as many tokens. */
const tokenIdSchema = z
  .int()
  .min(0)
  .max(2 ** 24);

/** What a step looks for: a text as it stands, or an expression. */
const patternSchema = z.union([
  z.looseObject({ String: z.string() }),
  z.looseObject({ Regex: z.string().refine((source) => !hasNestedRepetition(source), { error: 'it may never end' }) }),
]);

/** What the post-processor writes around a text, as far as it is read here. */
const templatePartSchema = z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }).optional() });

/** One step of a tokenizer: a normalizer, a pre-tokenizer, a decoder. `Sequence` holds more of them. */
export interface Step {
  readonly type: string;
  readonly normalizers?: Step[] | undefined;
  readonly pretokenizers?: Step[] | undefined;
  readonly decoders?: Step[] | undefined;
  readonly processors?: Step[] | undefined;
  readonly pattern?: z.output<typeof patternSchema> | undefined;
  readonly single?: z.output<typeof templatePartSchema>[] | undefined;
  readonly special_tokens?: Record<string, { ids?: number[] | undefined }> | undefined;
  readonly [field: string]: unknown;
}

const stepsSchema = z.lazy(() => z.array(stepSchema)).optional();
const stepSchema: z.ZodType<Step> = z
  .looseObject({
    type: z.string(),
    normalizers: stepsSchema,
    pretokenizers: stepsSchema,
    decoders: stepsSchema,
    processors: stepsSchema,
    pattern: patternSchema.optional(),
    single: z.array(templatePartSchema).optional(),
    special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(tokenIdSchema).optional() })).optional(),
  })
  .refine(({ type, single }) => type !== 'TemplateProcessing' || single, { error: 'it has no list', path: ['single'] })
  .refine(({ type, pattern }) => !['Split', 'Replace'].includes(type) || pattern, {
    error: 'it has none',
    path: ['pattern'],
  });

/** A token that is cut out of a text before anything else happens to it, with the white space it takes along. */
const addedTokenSchema = z.looseObject({
  id: tokenIdSchema,
  content: z.string(),
  special: z.boolean().nullish(),
  /** Whether it counts only where no letter or digit touches it. */
  single_word: z.boolean().nullish(),
  /** Whether it is looked for in normalised text. */
  normalized: z.boolean().nullish(),
  lstrip: z.boolean().nullish(),
  rstrip: z.boolean().nullish(),
});

/** Pairs of tokens, or their texts with a space between; hundreds of thousands, so one look at each is enough. */
const mergesSchema = z.custom<readonly (string | readonly string[])[]>(
  (value) =>
    Array.isArray(value) &&
    value.every((merge) => typeof merge === 'string' || (Array.isArray(merge) && merge.every(isString))),
  { error: 'it is no list of pairs of tokens' },
);
const isString = (value: unknown) => typeof value === 'string';

/** The parts of a `tokenizer.json` that matter here; everything else passes through untouched. */
export const tokenizerJsonSchema = z.looseObject({
  model: z.looseObject({
    /** Token → id; for Unigram a list of [token, score], where the place is the id. */
    vocab: z.union([z.record(z.string(), tokenIdSchema), z.array(z.tuple([z.string(), z.number()]))]),
    merges: mergesSchema.nullish(),
    type: z.string().nullish(),
    unk_token: z.string().nullish(),
    /** Unigram's: a place in its list. */
    unk_id: z.int().min(0).nullish(),
    byte_fallback: z.boolean().nullish(),
    fuse_unk: z.boolean().nullish(),
    ignore_merges: z.boolean().nullish(),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
    max_input_chars_per_word: z.int().min(0).nullish(),
  }),
  normalizer: stepSchema.nullable().default(null),
  pre_tokenizer: stepSchema.nullable().default(null),
  post_processor: stepSchema.nullable().default(null),
  decoder: stepSchema.nullable().default(null),
  added_tokens: z.array(addedTokenSchema).default([]),
});

export type AddedToken = z.output<typeof addedTokenSchema>;
export type TokenizerJson = z.output<typeof tokenizerJsonSchema>;

/** A special token in a settings file: its text, or an object that holds it. */
const namedTokenSchema = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform((token) => token.content),
]);

/** The parts of `tokenizer_config.json` and `special_tokens_map.json` that matter here. */
export const tokenizerConfigSchema = z.looseObject({
  bos_token: namedTokenSchema.nullish(),
  eos_token: namedTokenSchema.nullish(),
  add_bos_token: z.boolean().nullish(),
  added_tokens_decoder: z.record(z.string(), z.unknown()).nullish(),
});

export type TokenizerConfig = z.output<typeof tokenizerConfigSchema>;

/** The names under which a `Sequence` keeps its steps. */
const listNames = ['normalizers', 'pretokenizers', 'decoders', 'processors'] as const;

/** The steps in order, sequences laid flat. */
export function flatSteps(step: Step | null): Step[] {
  if (!step) return [];
  if (step.type !== 'Sequence') return [step];
  return listNames.flatMap((name) => step[name] ?? []).flatMap(flatSteps);
}

/** The same steps with `change` applied to each; a step that `change` turns into null is left out. */
export function changeSteps(step: Step | null, change: (step: Step) => Step | null): Step | null {
  if (!step) return null;
  if (step.type !== 'Sequence') return change(step);
  const lists = listNames.flatMap((name) => {
    const steps = step[name]?.map((inner) => changeSteps(inner, change));
    return steps ? [[name, steps.filter((inner) => inner !== null)] as const] : [];
  });
  return { ...step, ...Object.fromEntries(lists) };
}
