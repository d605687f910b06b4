import { countNames } from './count-names.ts';
import type { RetailOptions } from './options.ts';
import type { RetailRow } from './row.ts';

/** The names of an answer to learn from: each once, in the order that the option `answerOrder` describes, as
 * many as the longest list that is measured. */
export function answerInOrder(
  { answer = [], history }: Pick<RetailRow, 'answer' | 'history'>,
  { answerOrder, cutoffs, catalogue = [], task }: RetailOptions,
): readonly string[] {
  const names = [...new Set(answer)];
  const longest = Math.max(...cutoffs);
  if (answerOrder === 'as-given' || task === 'product-search') return names.slice(0, longest);
  const bought = countNames(history);
  const wanted = new Set(names);
  const sold = new Map<string, number>();
  for (const entry of catalogue) {
    if (typeof entry !== 'string' && wanted.has(entry.name)) sold.set(entry.name, entry.sold);
  }
  const by = (counts: ReadonlyMap<string, number>, a: string, b: string) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0);
  return names.sort((a, b) => by(bought, a, b) || by(sold, a, b)).slice(0, longest);
}
