import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { readTextFile } from '../../files/read-text-file.ts';

export const ADAPTER_CONFIG = 'adapter_config.json';

/** A feature of PEFT's that is not ours: it may be named, but not used. */
const unused = (reason: string) =>
  z
    .unknown()
    .refine((value) => value === undefined || value === null || value === false || isEmpty(value), { error: reason })
    .optional();
const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value as object).length === 0;

/** These begin training by changing the base model's own weights, which the adapter does not hold. */
const CHANGES_THE_BASE = /^(pissa|olora|corda|loftq|lora_ga)/i;

/** Every layer of a model by its whole name, and more: with these bounds nothing that is asked of all pairs takes long. */
const MOST_NAMES = 16_384;
const tooMany = `it has more than ${MOST_NAMES} of them`;
const names = (what: string) => z.array(z.string(), { error: what }).max(MOST_NAMES, { error: tooMany });
/** Names, or a regular expression for whole names. */
const layerNames = z.union([z.string(), names(''), z.null()], {
  error: ({ input }) => (Array.isArray(input) && input.length > MOST_NAMES ? tooMany : 'it names no layers'),
});
const byPattern = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string(), value, { error: 'it is no object that gives layers a value' })
    .refine((patterns) => Object.keys(patterns).length <= MOST_NAMES, { error: tooMany });

const rank = z.int({ error: 'the rank is no whole number' }).positive({ error: 'the rank is not above 0' });
const alpha = z.number({ error: 'alpha is no number' }).positive({ error: 'alpha is not above 0' });
const flag = z.boolean({ error: 'it is neither true nor false' }).default(false);
const layerNumber = z.int({ error: 'it numbers no layers' });

/** The fields that decide what an adapter computes, each with why it may be refused. */
const schema = z.object(
  {
    peft_type: z.literal('LORA', {
      error: ({ input }) =>
        input === undefined
          ? 'it does not say of which kind it is, and LORA is the only one that is read'
          : `it is of the kind ${JSON.stringify(input)}, and LORA is the only one that is read`,
    }),
    r: rank,
    lora_alpha: alpha,
    target_modules: layerNames.optional(),
    exclude_modules: layerNames.optional(),
    layers_to_transform: z
      .union([layerNumber, z.array(layerNumber), z.null()], { error: 'it numbers no layers' })
      .optional(),
    layers_pattern: layerNames.optional(),
    rank_pattern: byPattern(rank).nullish(),
    alpha_pattern: byPattern(alpha).nullish(),
    use_rslora: flag,
    use_dora: flag,
    lora_dropout: z
      .number({ error: 'it is no number' })
      .refine((share) => share >= 0 && share < 1, { error: 'it is not from 0 to below 1' })
      .default(0),
    modules_to_save: names('it is no list of modules').nullish(),
    base_model_quantization: z
      .object({ quantize: z.enum(['none', 'stored', 'int8', 'int4']), embeddings: z.boolean().default(false) })
      .nullish()
      .catch(undefined),
    bias: z.literal('none', { error: 'biases that were trained along are not read' }).optional(),
    init_lora_weights: z
      .unknown()
      .refine((name) => typeof name !== 'string' || !CHANGES_THE_BASE.test(name), {
        error: ({ input }) =>
          `with ${JSON.stringify(input)} it changes the base model's weights, which it does not hold; convert it with PEFT first (save_pretrained with path_initial_model_for_weight_conversion)`,
      })
      .optional(),
    lora_bias: unused('its matrices have biases'),
    trainable_token_indices: unused(
      'single rows of the vocabulary were trained along; train the tables whole (modules_to_save)',
    ),
    layer_replication: unused('it repeats layers of the model'),
    target_parameters: unused('it adapts parameters that are no linear layers'),
    use_qalora: unused('QALoRA pools what goes into its matrices'),
    use_bdlora: unused('BD-LoRA has matrices in blocks'),
    alora_invocation_tokens: unused('it is switched on by tokens within a text'),
    arrow_config: unused('it chooses among several adapters, token by token'),
    kasa_config: unused("KaSA changes the base model's weights, which it does not hold"),
    monteclora_config: unused('MonteCLoRA draws its matrices at random'),
  },
  { error: 'it is not a JSON object' },
);

export type AdapterConfig = z.output<typeof schema>;

const FIX = 'Give the adapter folder of a run (RUN/adapter), or one that PEFT saved for LoRA.';

/** What adapter_config.json says. @throws {UserError} when it is missing, or with the field that we cannot do. */
export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const file = join(folder, ADAPTER_CONFIG);
  const text = await readTextFile(file, 'model-invalid');
  if (text === undefined) {
    throw new UserError({ code: 'model-invalid', problem: 'There is no adapter here.', where: file, fix: FIX });
  }
  return parseAdapterConfig(text, file);
}

/** @throws {UserError} `model-unsupported` with the field that we cannot do */
export function parseAdapterConfig(text: string, file: string): AdapterConfig {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unusable(file, issue?.path.join('.') ?? '', issue?.message ?? '');
}

/** An adapter that asks for what we don't have. */
export const unusable = (file: string, field: string, reason: string): UserError =>
  new UserError({
    code: 'model-unsupported',
    problem: `This version cannot use this adapter: ${reason}.`,
    where: field === '' ? file : `${file}, field "${field}"`,
    fix: FIX,
  });

/** Undefined, which no schema takes, for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
