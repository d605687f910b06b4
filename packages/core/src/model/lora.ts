import { UserError } from '../errors.ts';
import type { BlockLinears } from './decoder.ts';
import type { JoinedLinear } from './linear.ts';
import { linearsInBlock } from './parameter-table.ts';

export interface LoraOptions {
  readonly rank: number;
  readonly alpha: number;
  /** `all-linear`, or last names of linear layers: `q_proj`, `down_proj`. */
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
  const known = targetNames(blocks);
  const unknown = targets.filter((target) => target !== ALL_LINEAR && !known.includes(target));
  if (unknown.length > 0) {
    throw new UserError({
      code: 'option-invalid',
      problem: `The model has no linear layer called ${unknown.join(', ')}.`,
      where: 'option loraTargets',
      fix: `Choose ${ALL_LINEAR}, or among ${known.join(', ')}.`,
    });
  }
  const chosen = new Set(targets.includes(ALL_LINEAR) ? known : targets);
  const adapter = { rank, scale: alpha / rank };
  const adapt = (linear: JoinedLinear): JoinedLinear => ({
    ...linear,
    parts: linear.parts.map((part) => (chosen.has(shortName(part.name)) ? { ...part, adapter } : part)),
  });
  return blocks.map(({ qkv, attentionOutput, gateUp, down }) => ({
    qkv: adapt(qkv),
    attentionOutput: adapt(attentionOutput),
    gateUp: adapt(gateUp),
    down: adapt(down),
  }));
}

/** The last names of all linear layers, in the order of the forward pass. */
export function targetNames(blocks: readonly BlockLinears[]): string[] {
  const parts = blocks.flatMap(linearsInBlock).flatMap((linear) => linear.parts);
  return [...new Set(parts.map((part) => shortName(part.name)))];
}
