import { type AdapterPlan, loraScale, type SavedLora, shortName } from '../../model/adapters/lora.ts';
import type { Adapter } from '../../model/layers/linear.ts';
import type { TrainingOptions } from '../../training/options.ts';
import { type LayerPattern, layerPatterns } from './match-layers.ts';
import { type AdapterConfig, unusable } from './read-adapter-config.ts';

/**
 * PEFT's layout: `adapter_model.safetensors`, where A is `[rank, inputs]`, B is `[outputs, rank]`, DoRA's magnitude is
 * `[outputs]` and modules that were trained whole lie beside them, and `adapter_config.json`.
 */
export const PEFT_PREFIX = 'base_model.model.';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

export const matrixName = (layer: string, matrix: 'A' | 'B') => `${PEFT_PREFIX}${layer}.lora_${matrix}.weight`;
export const magnitudeNameInPeft = (layer: string) => `${PEFT_PREFIX}${layer}.lora_magnitude_vector`;

/** How the weights that an adapter was trained on were quantised, by our options; `stored`: not otherwise than in their file. */
export type BaseQuantization = NonNullable<AdapterConfig['base_model_quantization']>;

export const baseQuantization = ({
  quantize,
  quantizeEmbeddings,
}: Pick<TrainingOptions, 'quantize' | 'quantizeEmbeddings'>): BaseQuantization => ({
  quantize: quantize ?? 'stored',
  embeddings: quantizeEmbeddings,
});

/**
 * Rank and scale of a layer, by its name: `rank_pattern` and `alpha_pattern` say which layers have others than the rest.
 * @param file for messages
 * @throws {UserError} `model-unsupported`, here or for a layer, with the pattern that can't be used
 */
export function adaptersOf(config: AdapterConfig, file: string): (layer: string) => Adapter {
  const compile = layerPatterns().end;
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
  quantization,
}: {
  lora: SavedLora;
  plan: AdapterPlan;
  /** Every linear layer of the model. */
  layers: readonly string[];
  /** Their matrices lie as `[inputs, outputs]`. */
  transposed: boolean;
  savedModules: readonly string[];
  baseModel: string;
  quantization: BaseQuantization | undefined;
}): object {
  const entries = [...plan];
  const alphaOf = ({ rank, scale }: { rank: number; scale: number }) => scale / loraScale({ ...lora, rank, alpha: 1 });
  const otherAlpha = entries.map(([name, adapter]) => [name, alphaOf(adapter)] as const);
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseModel,
    // Ours: PEFT leaves it out, with a warning.
    ...(quantization && { base_model_quantization: quantization }),
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
