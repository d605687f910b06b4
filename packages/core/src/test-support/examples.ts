import {
  arraysOver,
  type Examples,
  exampleBytes,
  TokenRole,
  type TokenRoleName,
  type WeightedExample,
} from '../tokenization/example.ts';

interface Parts {
  readonly ids: ArrayLike<number>;
  readonly roles: readonly TokenRoleName[];
  /** The weight of each id as a target, whatever its role: all of it is its segment's. Default 1. */
  readonly weights?: readonly number[] | undefined;
  readonly promptLength?: number | undefined;
  readonly cutTokens?: number | undefined;
  readonly rowWeight?: number | undefined;
}

/** An example as plain arrays say it. */
export function exampleWith(parts: Parts): WeightedExample {
  const { ids, roles, weights, promptLength = 1, cutTokens = 0, rowWeight = 1 } = parts;
  const arrays = arraysOver(new ArrayBuffer(exampleBytes(ids.length)), ids.length);
  arrays.ids.set(ids);
  arrays.roles.set(roles.map((role) => TokenRole[role]));
  arrays.segmentWeights.set(weights ?? roles.map(() => 1));
  const roleWeights = new Float64Array(Object.keys(TokenRole).length).fill(1);
  return { ...arrays, promptLength, cutTokens, cutAnswerTokens: 0, roleWeights, rowWeight };
}

/** Examples in an array, as what is made of rows. */
export const examplesOf = (list: readonly WeightedExample[]): Examples => ({
  length: list.length,
  lengths: list.map(({ ids }) => ids.length),
  at: (i) => list[i],
});
