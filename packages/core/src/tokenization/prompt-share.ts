import type { TokenClass, TokenizedExample } from './example.ts';
import type { ExampleStore } from './example-store.ts';

/** What system, user and tool say. */
export const isPrompt = (tokenClass: TokenClass | undefined): boolean =>
  tokenClass === 'system' || tokenClass === 'user' || tokenClass === 'tool';

/**
 * What the prompt's weights are multiplied with so that the prompt makes up the share f of the weight of prompt and
 * completion together: f·C / ((1−f)·P).
 */
export const promptScale = (
  fraction: number,
  weight: { readonly prompt: number; readonly completion: number },
): number => (weight.prompt === 0 ? 0 : (fraction * weight.completion) / ((1 - fraction) * weight.prompt));

/** The same examples with the prompt's weights multiplied. */
export function withPromptScale(examples: ExampleStore, scale: number): ExampleStore {
  const scaled = (example: TokenizedExample): TokenizedExample => ({
    ...example,
    weights: example.weights.map((weight, i) => (isPrompt(example.classes[i]) ? weight * scale : weight)),
  });
  return {
    ...examples,
    at(i) {
      const example = examples.at(i);
      return example && scaled(example);
    },
  };
}
