import { type Batch, isCompletion, isPrompt } from '../../tokenization/example.ts';
import type { Targets } from './vocabulary-loss.ts';

/** Plain means over the targets of one example, in nats a token; null where it has none of them. */
export interface ExampleLosses {
  readonly promptLoss: number | null;
  readonly completionLoss: number | null;
}

/**
 * What each example of a batch without shared prefixes came to, in the order of the batch. Sums are of 64 bits.
 * @param losses of `targets.weighted`, then of `targets.observed`
 */
export function lossesByExample(
  losses: ArrayLike<number>,
  { rowWeights, exampleIds, targetRoles }: Pick<Batch, 'rowWeights' | 'exampleIds' | 'targetRoles'>,
  { weighted, observed }: Targets,
): ExampleLosses[] {
  const examples = rowWeights.length;
  const [prompt, completion] = [meansOf(examples), meansOf(examples)];
  for (let i = 0; i < losses.length; i++) {
    const target = (i < weighted.length ? weighted[i] : observed[i - weighted.length]) as number;
    const example = exampleIds[target] as number;
    if (isPrompt(targetRoles[target])) prompt.add(example, losses[i] as number);
    else if (isCompletion(targetRoles[target])) completion.add(example, losses[i] as number);
  }
  return Array.from({ length: examples }, (_, i) => ({ promptLoss: prompt.of(i), completionLoss: completion.of(i) }));
}

function meansOf(count: number) {
  const [sums, numbers] = [new Float64Array(count), new Float64Array(count)];
  return {
    add(i: number, value: number): void {
      sums[i]! += value;
      numbers[i]! += 1;
    },
    of: (i: number): number | null => (numbers[i] === 0 ? null : (sums[i] as number) / (numbers[i] as number)),
  };
}
