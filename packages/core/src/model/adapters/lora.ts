import { UserError } from '../../errors.ts';
import type { BlockLinears } from '../config.ts';
import { type Adapter, isLoraB, type JoinedLinear, type LinearPart } from '../layers/linear.ts';
import { linearsInBlock } from '../parameters/parameter-table.ts';
import type { ParameterSpec } from '../parameters/parameters.ts';

export interface LoraOptions {
  readonly rank: number;
  readonly alpha: number;
  /** `all-linear`, or names of linear layers, whole or their ends, as PEFT takes them: `q_proj`, `mlp.down_proj`. */
  readonly targets: readonly string[];
  /** Rank-stabilised: the scale is alpha / √rank. */
  readonly rsLora?: boolean;
  /** Outputs have magnitudes of their own: `dora.ts`. */
  readonly dora?: boolean;
  /** Share of the adapters' inputs that a step leaves out. */
  readonly dropout?: number;
}

/** What an adapter's config keeps of its options; layers that differ from them are listed one by one. */
export type SavedLora = Omit<LoraOptions, 'targets'>;

/** Adapters by the name of the linear layer that has one. */
export type AdapterPlan = ReadonlyMap<string, Adapter>;

const ALL_LINEAR = 'all-linear';

/** The last name of a part: what people call it, and what adapter_config.json lists. */
export const shortName = (partName: string): string => partName.slice(partName.lastIndexOf('.') + 1);

/** What an adapter's output is multiplied by. Source: Hu et al. 2021, arXiv 2106.09685; Kalajdzievski 2023, 2312.03732. */
export const loraScale = ({ rank, alpha, rsLora = false }: SavedLora): number =>
  alpha / (rsLora ? Math.sqrt(rank) : rank);

/** Adapters on the chosen linear layers. @throws {UserError} `option-invalid` for a target the model does not have. */
export function planAdapters(blocks: readonly BlockLinears[], lora: LoraOptions): AdapterPlan {
  const names = layersOf(blocks);
  const { rank, targets } = lora;
  const unknown = targets.filter((target) => !names.some((name) => isTarget(name, target)));
  if (unknown.length > 0) {
    throw new UserError({
      code: 'option-invalid',
      problem: `The model has no linear layer called ${unknown.join(', ')}.`,
      where: 'option loraTargets',
      fix: `Choose ${ALL_LINEAR}, or among ${[...new Set(names.map(shortName))].join(', ')}.`,
    });
  }
  const chosen = names.filter((name) => targets.some((target) => isTarget(name, target)));
  const adapter = { rank, scale: loraScale(lora), ...(lora.dora ? { dora: true } : {}) };
  return new Map(chosen.map((name) => [name, adapter]));
}

/** The same blocks with adapters where the plan has them. */
export function withAdapters(blocks: readonly BlockLinears[], plan: AdapterPlan): BlockLinears[] {
  const adapted = (part: LinearPart): LinearPart => {
    const adapter = plan.get(part.name);
    return adapter ? { ...part, adapter } : part;
  };
  const adapt = (linear: JoinedLinear): JoinedLinear => ({ ...linear, parts: linear.parts.map(adapted) });
  return blocks.map(({ qkv, attentionOutput, gateUp, down }) => ({
    qkv: adapt(qkv),
    attentionOutput: adapt(attentionOutput),
    gateUp: adapt(gateUp),
    down: adapt(down),
  }));
}

/**
 * LoRA+: every B learns `ratio` times as fast as A. So does what is a vector, as in PEFT's `create_loraplus_optimizer`.
 * Source: Hayou et al. 2024, arXiv 2402.12354.
 */
export const withLoraPlus = (trainable: readonly ParameterSpec[], ratio: number): ParameterSpec[] =>
  trainable.map((spec) =>
    isLoraB(spec.name) || spec.shape.length === 1 ? { ...spec, learningRateScale: ratio } : spec,
  );

/** Every linear layer, by the checkpoint's names. */
export const layersOf = (blocks: readonly BlockLinears[]): string[] => partsOf(blocks).map((part) => part.name);

const partsOf = (blocks: readonly BlockLinears[]): LinearPart[] =>
  blocks.flatMap(linearsInBlock).flatMap((linear) => linear.parts);

const isTarget = (name: string, target: string): boolean =>
  target === ALL_LINEAR || name === target || name.endsWith(`.${target}`);
