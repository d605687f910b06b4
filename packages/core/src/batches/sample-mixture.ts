import { createRandom, shuffled } from '../random.ts';

/** Examples in groups, and how much of what is drawn is of each group: parts that add up to 1. */
export interface MixtureWeights {
  /** The group of each example, by number of the example. */
  readonly groups: readonly string[];
  readonly shares: Readonly<Record<string, number>>;
}

export interface DrawOptions extends MixtureWeights {
  readonly seed: number;
  /** 0, 1, 2 … */
  readonly epoch: number;
  /** False draws each group's examples in their own order. */
  readonly shuffle: boolean;
}

/** Apart from the streams of the epochs' orders; a group has a stream for each pass through it. */
const DRAW_STREAM = 0xd4a3 * 2 ** 16;
const MAX_PASSES = 2 ** 12;

/**
 * The examples of an epoch, by number, in the order of the rows: as many as there are, in the groups' proportions to
 * within one example. Each group is gone through from end to end, pass after pass, epoch after epoch, so that all its
 * examples are drawn equally often, give or take one:
 *
 *     6 examples   a a a a b b        shares  a ½, b ½        an epoch draws 3 of each
 *     epoch 0      a0 a2 a3 b0 b1 b1'                         (the second pass through b begins)
 *     epoch 1      a1 a0'a1'b0'b0"b1"
 */
export function sampleMixture({ groups, shares, seed, epoch, shuffle }: DrawOptions): number[] {
  const counts = quotas(shares, groups.length);
  const drawn = Object.keys(shares).flatMap((group, number) => {
    const members = groups.flatMap((one, i) => (one === group ? [i] : []));
    const count = counts[number] as number;
    const passes = new Map<number, readonly number[]>();
    const memberAt = (place: number): number => {
      const pass = Math.floor(place / members.length);
      const order = passes.get(pass) ?? passOf(members, { seed, pass, group: number, shuffle });
      passes.set(pass, order);
      return order[place % members.length] as number;
    };
    return members.length === 0 ? [] : Array.from({ length: count }, (_, i) => memberAt(epoch * count + i));
  });
  return drawn.sort((a, b) => a - b);
}

function passOf(
  members: readonly number[],
  { seed, pass, group, shuffle }: { seed: number; pass: number; group: number; shuffle: boolean },
): readonly number[] {
  return shuffle ? shuffled(members, createRandom(seed, DRAW_STREAM + group * MAX_PASSES + pass)) : members;
}

/** Whole numbers in the shares' proportions that add up to the total: the largest remainders are rounded up. */
function quotas(shares: Readonly<Record<string, number>>, total: number): number[] {
  const exact = Object.values(shares).map((share) => share * total);
  const counts = exact.map(Math.floor);
  const missing = Math.round(total - counts.reduce((sum, count) => sum + count, 0));
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, missing)) counts[i] = (counts[i] as number) + 1;
  return counts;
}
