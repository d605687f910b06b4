import type * as tf from '@tensorflow/tfjs-core';
import { type Batch, type TargetRole, TokenRole } from '../../tokenization/example.ts';
import type { Targets } from './vocabulary-loss.ts';

/** The losses of one role's targets, added up, whatever their weights. */
export interface RoleSum {
  readonly loss: number;
  readonly targets: number;
}

/** Sums over targets, in f64; nats. Sums travel between micro-batches, means are made once at the end. */
export interface LossSums {
  /** Σ weight · loss, with the weights of the batch as they came (divided by the step's denominator or not). */
  readonly weighted: number;
  readonly weight: number;
  readonly byRole: Readonly<Record<TargetRole, RoleSum>>;
}

/** Plain means over targets, in nats per token. */
export interface MeanLosses {
  /** Over what system, user and tool say; null when there was none of it, or when it is not finite. */
  readonly promptLoss: number | null;
  /** Over what the assistant says; null likewise. */
  readonly completionLoss: number | null;
  /** Of each role that there was, where it is finite. */
  readonly roleLosses: Readonly<Partial<Record<TargetRole, number>>>;
}

const ROLE_CODES = Object.keys(TokenRole).length;
const roles = ['system', 'user', 'tool', 'assistant'] as const satisfies readonly TargetRole[];

const forEachRole = (sumOf: (role: TargetRole) => RoleSum): Record<TargetRole, RoleSum> => ({
  system: sumOf('system'),
  user: sumOf('user'),
  tool: sumOf('tool'),
  assistant: sumOf('assistant'),
});

export const NO_LOSS: LossSums = { weighted: 0, weight: 0, byRole: forEachRole(() => ({ loss: 0, targets: 0 })) };

/**
 * A target that several examples share counts for each.
 * @param losses of `targets.weighted`, then of `targets.observed`
 * @param added what the weighted loss has beside those of `targets.weighted`: it is learnt from, and not logged by role
 */
export function sumLosses(
  losses: ArrayLike<number>,
  batch: Batch,
  { weighted, observed }: Targets,
  added?: ArrayLike<number>,
): LossSums {
  const total = { weighted: 0, weight: 0 };
  // Indexed by TokenRole.
  const [byCode, targets] = [new Float64Array(ROLE_CODES), new Float64Array(ROLE_CODES)];
  for (let i = 0; i < losses.length; i++) {
    const target = (i < weighted.length ? weighted[i] : observed[i - weighted.length]) as number;
    const loss = losses[i] as number;
    const weight = batch.targetWeights[target] as number;
    const count = batch.targetCounts[target] as number;
    const role = batch.targetRoles[target] as number;
    total.weighted += weight * (loss + (added?.[i] ?? 0));
    total.weight += weight;
    byCode[role]! += count * loss;
    targets[role]! += count;
  }
  const sumOf = (role: TargetRole) => ({
    loss: byCode[TokenRole[role]] as number,
    targets: targets[TokenRole[role]] as number,
  });
  return { ...total, byRole: forEachRole(sumOf) };
}

/** The same from the engine; disposes the losses. */
export async function readLossSums(
  { losses, added }: { readonly losses: tf.Tensor1D; readonly added?: tf.Tensor1D },
  batch: Batch,
  targets: Targets,
): Promise<LossSums> {
  const values = await losses.data();
  const more = await added?.data();
  losses.dispose();
  added?.dispose();
  return sumLosses(values, batch, targets, more);
}

export function addSums(a: LossSums, b: LossSums): LossSums {
  return {
    weighted: a.weighted + b.weighted,
    weight: a.weight + b.weight,
    byRole: forEachRole((role) => addRoles(a.byRole[role], b.byRole[role])),
  };
}

/** Whether every loss was a finite number, of targets without a weight too. */
export const isFiniteLoss = ({ weighted, byRole }: LossSums): boolean =>
  Number.isFinite(weighted) && roles.every((role) => Number.isFinite(byRole[role].loss));

export function meanLosses({ byRole }: LossSums): MeanLosses {
  const { system, user, tool, assistant } = byRole;
  const means = roles.map((role) => [role, meanOf(byRole[role])] as const);
  return {
    promptLoss: meanOf([system, user, tool].reduce(addRoles)),
    completionLoss: meanOf(assistant),
    roleLosses: Object.fromEntries(means.filter(([, mean]) => mean !== null)),
  };
}

const addRoles = (a: RoleSum, b: RoleSum): RoleSum => ({ loss: a.loss + b.loss, targets: a.targets + b.targets });

const meanOf = ({ loss, targets }: RoleSum): number | null => (targets > 0 ? finiteOrNull(loss / targets) : null);

/** JSON has no NaN and no infinity: what is not finite is null, here as there. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
