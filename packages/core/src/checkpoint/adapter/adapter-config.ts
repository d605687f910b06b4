import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { readTextFile } from '../../files/read-text-file.ts';
import { type AdapterPlan, loraScale, type SavedLora, shortName } from '../../model/adapters/lora.ts';
import type { Adapter } from '../../model/layers/linear.ts';
import { type LayerPattern, layerPatterns } from './match-layers.ts';

/**
 * PEFT's layout: `adapter_model.safetensors`, where A is `[rank, inputs]`, B is `[outputs, rank]`, DoRA's magnitude is
 * `[outputs]` and modules that were trained whole lie beside them, and `adapter_config.json`, of which these fields
 * decide what an adapter computes.
 */
export const PEFT_PREFIX = 'base_model.model.';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';
export const ADAPTER_CONFIG = 'adapter_config.json';

export const matrixName = (layer: string, matrix: 'A' | 'B') => `${PEFT_PREFIX}${layer}.lora_${matrix}.weight`;
export const magnitudeNameInPeft = (layer: string) => `${PEFT_PREFIX}${layer}.lora_magnitude_vector`;

/** A feature of PEFT's that is not ours: it may be named, but not used. */
const unused = z
  .union([z.null(), z.literal(false), z.tuple([]), z.strictObject({})], { error: 'this version does not have it' })
  .optional();

/** These begin training by changing the base model's own weights, which the adapter does not hold. */
const CHANGES_THE_BASE = /^(pissa|olora|corda|loftq|lora_ga)/;

/** Every layer of a model by its whole name, and more: with these bounds nothing that is asked of all pairs takes long. */
const MOST_NAMES = 16_384;
const layerNames = z.array(z.string()).max(MOST_NAMES);
const byPattern = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string(), value).refine((patterns) => Object.keys(patterns).length <= MOST_NAMES, {
    error: `it has more than ${MOST_NAMES} patterns`,
  });

const schema = z.object({
  peft_type: z.literal('LORA', { error: 'only LORA is known' }),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.string(), layerNames, z.null()]).optional(),
  rank_pattern: byPattern(z.int().positive()).nullish(),
  alpha_pattern: byPattern(z.number().positive()).nullish(),
  use_rslora: z.boolean().default(false),
  use_dora: z.boolean().default(false),
  lora_dropout: z.number().min(0).lt(1).default(0),
  modules_to_save: layerNames.nullish(),
  bias: z.literal('none', { error: 'biases that were trained along are not read' }).optional(),
  init_lora_weights: z
    .union([z.boolean(), z.string().refine((name) => !CHANGES_THE_BASE.test(name))], {
      error: "it changes the base model's weights; convert the adapter with PEFT first",
    })
    .nullish(),
  lora_bias: unused,
  trainable_token_indices: unused,
  layer_replication: unused,
  target_parameters: unused,
  use_qalora: unused,
  use_bdlora: unused,
  alora_invocation_tokens: unused,
  arrow_config: unused,
  kasa_config: unused,
  monteclora_config: unused,
});

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

const unusable = (file: string, field: string, reason: string): UserError =>
  new UserError({
    code: 'model-unsupported',
    problem: `This version cannot use this adapter: ${reason}.`,
    where: `${file}, field "${field}"`,
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

/**
 * Rank and scale of a layer, by its name: `rank_pattern` and `alpha_pattern` say which layers have others than the rest.
 * @param file for messages
 * @throws {UserError} `model-unsupported`, here or for a layer, with the pattern that can't be used
 */
export function adaptersOf(config: AdapterConfig, file: string): (layer: string) => Adapter {
  const compile = layerPatterns();
  const rankOf = valuesByLayer(config.rank_pattern, 'rank_pattern', { compile, file });
  const alphaOf = valuesByLayer(config.alpha_pattern, 'alpha_pattern', { compile, file });
  return (layer) => {
    const [rank, alpha] = [rankOf(layer) ?? config.r, alphaOf(layer) ?? config.lora_alpha];
    const scale = loraScale({ rank, alpha, rsLora: config.use_rslora });
    return { rank, scale, ...(config.use_dora ? { dora: true } : {}) };
  };
}

/** The value of the first pattern that a layer fits, as in PEFT. */
function valuesByLayer<Value>(
  patterns: Readonly<Record<string, Value>> | null | undefined,
  field: string,
  { compile, file }: { compile: (pattern: string) => LayerPattern; file: string },
): (layer: string) => Value | undefined {
  const trying = <Result>(pattern: string, attempt: () => Result): Result => {
    try {
      return attempt();
    } catch (cause) {
      const reason = `the pattern ${JSON.stringify(pattern)} can't be matched: ${(cause as Error).message}`;
      throw unusable(file, field, reason);
    }
  };
  const entries = Object.entries(patterns ?? {}).map(
    ([pattern, value]) => [pattern, trying(pattern, () => compile(pattern)), value] as const,
  );
  return (layer) => entries.find(([pattern, fits]) => trying(pattern, () => fits(layer)))?.[2];
}

/** adapter_config.json for adapters on some of a model's layers, and modules that were trained whole. */
export function adapterConfigJson({
  lora,
  plan,
  layers,
  transposed,
  savedModules,
  baseModel,
}: {
  lora: SavedLora;
  plan: AdapterPlan;
  /** Every linear layer of the model. */
  layers: readonly string[];
  /** Their matrices lie as `[inputs, outputs]`. */
  transposed: boolean;
  savedModules: readonly string[];
  baseModel: string;
}): object {
  const entries = [...plan];
  const alphaOf = ({ rank, scale }: { rank: number; scale: number }) => scale / loraScale({ ...lora, rank, alpha: 1 });
  const otherAlpha = entries.map(([name, adapter]) => [name, alphaOf(adapter)] as const);
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseModel,
    inference_mode: true,
    r: lora.rank,
    lora_alpha: lora.alpha,
    rank_pattern: Object.fromEntries(
      entries.filter(([, { rank }]) => rank !== lora.rank).map(([name, { rank }]) => [name, rank]),
    ),
    alpha_pattern: Object.fromEntries(otherAlpha.filter(([, alpha]) => Math.abs(alpha / lora.alpha - 1) > 1e-9)),
    use_rslora: lora.rsLora ?? false,
    use_dora: lora.dora ?? false,
    lora_dropout: lora.dropout ?? 0,
    bias: 'none',
    fan_in_fan_out: transposed,
    target_modules: targetNames(plan, layers),
    modules_to_save: savedModules.length > 0 ? savedModules : null,
  };
}

/** Short names (`q_proj`) where all layers of that name have an adapter, whole names otherwise. */
function targetNames(plan: AdapterPlan, layers: readonly string[]): string[] {
  const incomplete = new Set(layers.filter((name) => !plan.has(name)).map(shortName));
  return [...new Set([...plan.keys()].map((name) => (incomplete.has(shortName(name)) ? name : shortName(name))))];
}
