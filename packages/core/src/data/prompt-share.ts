import type { TokenClass, TokenizedExample } from './example.ts';

const isPrompt = (tokenClass: TokenClass | undefined): boolean =>
  tokenClass === 'system' || tokenClass === 'user' || tokenClass === 'tool';

/**
 * Scales the prompt's weights so that the prompt makes up the share f of the weight of prompt and completion together,
 * over all examples: by f·C / ((1−f)·P). Training does the same again for every step, whose own sums differ a little.
 */
export function withPromptShare(examples: readonly TokenizedExample[], fraction: number): TokenizedExample[] {
  const sumOf = (counts: (tokenClass: TokenClass | undefined) => boolean) =>
    examples.reduce(
      (total, { weights, classes }) => total + weights.reduce((sum, w, i) => (counts(classes[i]) ? sum + w : sum), 0),
      0,
    );
  const prompt = sumOf(isPrompt);
  const completion = sumOf((tokenClass) => tokenClass === 'assistant');
  const scale = prompt === 0 ? 0 : (fraction * completion) / ((1 - fraction) * prompt);
  return examples.map((example) => ({
    ...example,
    weights: example.weights.map((weight, i) => (isPrompt(example.classes[i]) ? weight * scale : weight)),
  }));
}
