import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { type AdapterPlan, type SavedLora, scaleOf, shortName } from '../../model/adapters/lora.ts';
import type { Adapter } from '../../model/layers/linear.ts';

/**
 * PEFT's layout: `adapter_model.safetensors`, where A is `[rank, inputs]`, B is `[outputs, rank]`, DoRA's magnitude is
 * `[outputs]` and modules that were trained whole lie beside them, and `adapter_config.json`, of which these fields
 * decide what an adapter computes.
 */
export const PEFT_PREFIX = 'base_model.model.';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

export const matrixName = (layer: string, matrix: 'A' | 'B') => `${PEFT_PREFIX}${layer}.lora_${matrix}.weight`;
export const magnitudeNameInPeft = (layer: string) => `${PEFT_PREFIX}${layer}.lora_magnitude_vector`;

/** A feature of PEFT's that is not ours: it may be named, but not used. */
const unused = z
  .union([z.null(), z.literal(false), z.tuple([]), z.strictObject({})], { error: 'this version does not have it' })
  .optional();

/** These begin training by changing the base model's own weights, which the adapter does not hold. */
const CHANGES_THE_BASE = /^(pissa|olora|corda|loftq|lora_ga)/;

const schema = z.object({
  peft_type: z.literal('LORA', { error: 'only LORA is known' }),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.string(), z.array(z.string()), z.null()]).optional(),
  rank_pattern: z.record(z.string(), z.int().positive()).nullish(),
  alpha_pattern: z.record(z.string(), z.number().positive()).nullish(),
  use_rslora: z.boolean().default(false),
  use_dora: z.boolean().default(false),
  modules_to_save: z.array(z.string()).nullish(),
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

/** What adapter_config.json says. @throws {UserError} when it is missing, or with the field that we cannot do. */
export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const file = join(folder, 'adapter_config.json');
  const fix = 'Give the adapter folder of a run (RUN/adapter), or one that PEFT saved for LoRA.';
  if (!existsSync(file)) {
    throw new UserError({ code: 'model-invalid', problem: 'There is no adapter here.', where: file, fix });
  }
  const parsed = schema.safeParse(parseJson(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError({
    code: 'model-unsupported',
    problem: `This version cannot use this adapter: ${issue?.message}.`,
    where: `${file}, field "${issue?.path.join('.')}"`,
    fix,
  });
}

/** Undefined, which no schema takes, for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rank and scale of one layer: `rank_pattern` and `alpha_pattern` are regular expressions for the end of its name. */
export function adapterOf(config: AdapterConfig, layer: string): Adapter {
  const matching = <Value>(patterns: Readonly<Record<string, Value>> | null | undefined) =>
    Object.entries(patterns ?? {}).find(([pattern]) => new RegExp(`^(.*\\.)?(${pattern})$`).test(layer))?.[1];
  const rank = matching(config.rank_pattern) ?? config.r;
  const alpha = matching(config.alpha_pattern) ?? config.lora_alpha;
  const scale = scaleOf({ rank, alpha, rsLora: config.use_rslora });
  return { rank, scale, ...(config.use_dora ? { dora: true } : {}) };
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
  const alphaOf = ({ rank, scale }: { rank: number; scale: number }) => scale / scaleOf({ ...lora, rank, alpha: 1 });
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
    lora_dropout: 0,
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
