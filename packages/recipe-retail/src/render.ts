import type { PlainLayout, RenderedExample, Segment } from '@counterweight/core/recipe';
import { answerPieces } from './answer-format.ts';
import { answerInOrder } from './answer-order.ts';
import { countNames } from './count-names.ts';
import type { RetailOptions } from './options.ts';
import type { RetailRow, Returned, Review } from './row.ts';
import { tasks } from './tasks.ts';

/** Short on purpose: with a small vocabulary every character of the template costs time in every row. */
export const layout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: '', after: '\n' },
  assistant: { before: '', after: '\n' },
  tool: { before: '', after: '\n' },
};

/**
 * Bought: soft drinks x3, eggs x2, fluid milk products
 * Name what this shopper buys next, likeliest first, one a line.
 * soft drinks
 * yogurt
 */
export function render(row: RetailRow, options: RetailOptions): RenderedExample {
  const { historyOrder, historyItems } = options;
  const task = tasks[options.task];
  const history =
    historyOrder === 'most-bought' ? mostBought(row.history, historyItems) : row.history.slice(-historyItems);
  return {
    prompt: [
      // Too long a history loses the least bought, or the oldest; reviews and returns lose the oldest.
      ...line('Bought', history.join(', '), { shorten: historyOrder === 'most-bought' ? 'end' : 'start' }),
      ...line('Likes', row.preferences.join(', '), { shorten: 'end', freedom: { items: row.preferences } }),
      ...line('Reviews', row.reviews.map(reviewInWords).join('; '), { shorten: 'start' }),
      ...line('Sent back', row.returned.map(returnInWords).join('; '), { shorten: 'start' }),
      ...line('Basket', row.basket.join(', '), { shorten: 'start', freedom: { items: row.basket } }),
      ...line('Order', row.order.join(', '), { freedom: { items: row.order } }),
      ...line('Search', row.query, { freedom: { case: true, typing: true } }),
      { role: 'user', text: task.instruction, phrasings: task.phrasings },
    ],
    completion: completionOf(row, options),
  };
}

/** A line with its label may stand in any place among the others. */
function line(label: string, text: string, own: Pick<Segment, 'shorten' | 'freedom'>): Segment[] {
  if (text === '') return [];
  const freedom = { part: label };
  return [
    { role: 'user', text: `${label}: `, freedom },
    { role: 'user', text, ...own, freedom: { ...own.freedom, ...freedom } },
    { role: 'user', text: '\n', freedom },
  ];
}

/** Each name once, with how often it was bought; of two that were bought as often, the later one first. */
function mostBought(history: readonly string[], items: number): string[] {
  const counts = countNames(history);
  const last = new Map<string, number>();
  for (const [at, name] of history.entries()) last.set(name, at);
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (last.get(b) ?? 0) - (last.get(a) ?? 0))
    .slice(0, items)
    .map(([name, count]) => (count > 1 ? `${name} x${count}` : name));
}

/** oat milk 2/5 "too sweet" */
function reviewInWords({ item, stars, text }: Review): string {
  return [item, ...(stars === undefined ? [] : [`${stars}/5`]), ...(text ? [`"${text}"`] : [])].join(' ');
}

/** running shoes (too small) */
function returnInWords({ item, reason }: Returned): string {
  return reason ? `${item} (${reason})` : item;
}

function completionOf(row: RetailRow, options: RetailOptions): Segment[] {
  if (row.answer === undefined) return [];
  return answerPieces(answerInOrder(row, options)).map((text) => ({ role: 'assistant', text }));
}
