import { z } from 'zod';

/** One step of a tokenizer: a normalizer, a pre-tokenizer, a decoder. `Sequence` holds more of them. */
const stepSchema = z.looseObject({ type: z.string() });

/** A token that is cut out of a text before anything else happens to it, with the white space it takes along. */
const addedTokenSchema = z.looseObject({
  id: z.number(),
  content: z.string(),
  special: z.boolean().nullish(),
  lstrip: z.boolean().nullish(),
  rstrip: z.boolean().nullish(),
});

/** The parts of a `tokenizer.json` that matter here; everything else passes through untouched. */
export const tokenizerJsonSchema = z.looseObject({
  model: z.looseObject({
    /** Token → id; for Unigram a list of [token, score], where the place is the id. */
    vocab: z.union([z.record(z.string(), z.number()), z.array(z.tuple([z.string(), z.number()]))]),
  }),
  normalizer: stepSchema.nullable().default(null),
  pre_tokenizer: stepSchema.nullable().default(null),
  post_processor: stepSchema.nullable().default(null),
  decoder: stepSchema.nullable().default(null),
  added_tokens: z.array(addedTokenSchema).default([]),
});

export type Step = z.output<typeof stepSchema>;
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
  return listNames.flatMap((name) => (step[name] as Step[] | undefined) ?? []).flatMap(flatSteps);
}

/** The same steps with `change` applied to each; a step that `change` turns into null is left out. */
export function changeSteps(step: Step | null, change: (step: Step) => Step | null): Step | null {
  if (!step) return null;
  if (step.type !== 'Sequence') return change(step);
  const lists = listNames
    .filter((name) => step[name] !== undefined)
    .map((name) => {
      const steps = (step[name] as Step[]).map((inner) => changeSteps(inner, change));
      return [name, steps.filter((inner) => inner !== null)];
    });
  return { ...step, ...Object.fromEntries(lists) };
}
