import { UserError } from '../errors.ts';
import type { BlockLinears } from './decoder.ts';
import type { JoinedLinear } from './linear.ts';
import { linearsInBlock } from './parameter-table.ts';

export interface LoraOptions {
  readonly rank: number;
  readonly alpha: number;
  /** `all-linear`, or names of linear layers, whole or their ends, as PEFT takes them: `q_proj`, `mlp.down_proj`. */
  readonly targets: readonly string[];
}

const ALL_LINEAR = 'all-linear';

/** The last name of a part: what people call it, and what adapter_config.json lists. */
export const shortName = (partName: string): string => partName.slice(partName.lastIndexOf('.') + 1);

/**
 * The same blocks with adapters on the chosen linear layers, scaled by alpha / rank.
 * Source: Hu et al. 2021, arXiv 2106.09685. @throws {UserError} `option-invalid` for a target the model does not have.
 */
export function withAdapters(blocks: readonly BlockLinears[], { rank, alpha, targets }: LoraOptions): BlockLinears[] {
  const names = blocks.flatMap(linearsInBlock).flatMap((linear) => linear.parts.map((part) => part.name));
  const unknown = targets.filter((target) => !names.some((name) => isTarget(name, target)));
  if (unknown.length > 0) {
    throw new UserError({
      code: 'option-invalid',
      problem: `The model has no linear layer called ${unknown.join(', ')}.`,
      where: 'option loraTargets',
      fix: `Choose ${ALL_LINEAR}, or among ${[...new Set(names.map(shortName))].join(', ')}.`,
    });
  }
  const isChosen = (name: string) => targets.some((target) => isTarget(name, target));
  const adapter = { rank, scale: alpha / rank };
  const adapt = (linear: JoinedLinear): JoinedLinear => ({
    ...linear,
    parts: linear.parts.map((part) => (isChosen(part.name) ? { ...part, adapter } : part)),
  });
  return blocks.map(({ qkv, attentionOutput, gateUp, down }) => ({
    qkv: adapt(qkv),
    attentionOutput: adapt(attentionOutput),
    gateUp: adapt(gateUp),
    down: adapt(down),
  }));
}

const isTarget = (name: string, target: string): boolean =>
  target === ALL_LINEAR || name === target || name.endsWith(`.${target}`);
