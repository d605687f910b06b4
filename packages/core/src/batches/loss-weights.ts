import { isPrompt, TokenRole, type WeightedExample } from '../tokenization/example.ts';

/** The base weight of each role's tokens as targets; the assistant's have 1, BOS has 0. */
export interface LossWeights {
  readonly promptLossWeight: number;
  readonly templateLossWeight: number;
  /** In place of the prompt's weight, for what one role says. */
  readonly systemLossWeight?: number | undefined;
  readonly userLossWeight?: number | undefined;
  readonly toolLossWeight?: number | undefined;
}

/** The base weights as a table, indexed by {@link TokenRole}. */
export function roleWeights(weights: LossWeights): Float64Array {
  const { promptLossWeight, templateLossWeight, systemLossWeight, userLossWeight, toolLossWeight } = weights;
  const table = new Float64Array(Object.keys(TokenRole).length);
  table[TokenRole.template] = templateLossWeight;
  table[TokenRole.system] = systemLossWeight ?? promptLossWeight;
  table[TokenRole.user] = userLossWeight ?? promptLossWeight;
  table[TokenRole.tool] = toolLossWeight ?? promptLossWeight;
  table[TokenRole.assistant] = 1;
  return table;
}

/** What decides the weights of an example's targets. */
type Targets = Pick<WeightedExample, 'roleWeights' | 'roles' | 'rowWeight'> & {
  readonly segmentWeights: ArrayLike<number>;
};

/**
 * The weight w of a token as a target, before a step divides it: base weight of its role × weight of its segment × weight
 * of its row. 0 for the first token, which nothing predicts.
 */
export function targetWeight({ roleWeights, roles, segmentWeights, rowWeight }: Targets, i: number): number {
  return i === 0 ? 0 : (roleWeights[roles[i] as number] as number) * (segmentWeights[i] as number) * rowWeight;
}

/** Sums of the weights w of an example's targets. */
export interface WeightSums {
  readonly prompt: number;
  readonly completion: number;
  /** Template text included. */
  readonly all: number;
}

/** @param add where the sums go to, so that those of many examples are added up in the order of their tokens */
export function addTargetWeights(example: WeightedExample, add: { -readonly [K in keyof WeightSums]: number }): void {
  const { roles } = example;
  for (let i = 1; i < roles.length; i++) {
    const weight = targetWeight(example, i);
    add.all += weight;
    if (isPrompt(roles[i])) add.prompt += weight;
    else if (roles[i] === TokenRole.assistant) add.completion += weight;
  }
}

/**
 * What all weights of the prompt are multiplied with so that the prompt makes up the share f of the weight of prompt and
 * completion together: f·C / ((1−f)·P), for sums C of the completion's weights and P of the prompt's; 0 where P is 0.
 */
export const promptScale = (fraction: number, { prompt, completion }: Omit<WeightSums, 'all'>): number =>
  prompt === 0 ? 0 : (fraction * completion) / ((1 - fraction) * prompt);
