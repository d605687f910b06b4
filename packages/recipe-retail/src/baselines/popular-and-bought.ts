import { countNames } from '../count-names.ts';
import type { RetailRow } from '../row.ts';
import { namesByFrequency, type Recommender, rankBy } from './recommender.ts';

/**
 * log popularity + log(1 + times bought): what everybody buys, more so what this shopper does. Popularity counts the answers
 * of the training rows; a name that is in none of them counts as half a time.
 */
export function popularAndBought(training: readonly RetailRow[]): Recommender {
  const popular = namesByFrequency(training);
  const answers = countNames(training.flatMap(({ answer = [] }) => answer));
  return (row) => {
    const times = countNames([...row.history]);
    const names = new Set([...popular, ...times.keys(), ...row.order]);
    const score = (name: string) => Math.log(answers.get(name) ?? 0.5) + Math.log1p(times.get(name) ?? 0);
    return rankBy(new Map(Array.from(names, (name) => [name, score(name)])), popular, row);
  };
}
