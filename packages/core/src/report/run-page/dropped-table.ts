import type { DroppedRow } from '../../tokenization/receipt.ts';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html.ts';
import { named } from '../text.ts';

const REASONS: Readonly<Record<DroppedRow['reason'], string>> = {
  'too-long': 'too long, even with its prompt cut',
  'answer-too-long': 'an answer too long for what the prompt leaves',
  'no-weight': 'no token with a weight',
  invalid: 'invalid',
  duplicate: 'the same as an earlier row',
  'near-duplicate': 'nearly the same as an earlier row',
  'in-evaluation': 'a row to evaluate on too',
};
/** Rows named for each reason; the rest are counted. */
const NAMED_ROWS = 8;

/** Why rows are not there, and which. */
export function droppedTable(heading: string, dropped: readonly DroppedRow[]): Html | [] {
  if (dropped.length === 0) return [];
  const reasons = [...new Set(dropped.map((row) => row.reason))];
  const rows = reasons.map((reason) => {
    const own = dropped.filter((row) => row.reason === reason);
    const places = own
      .slice(0, NAMED_ROWS)
      .map(({ file, line, problem }) => `${file ?? 'row'}:${line}${problem ? ` (${problem})` : ''}`);
    const more = own.length > places.length ? ` and ${formatCount(own.length - places.length)} more` : '';
    return html`<tr><td>${REASONS[reason]}</td><td class="number">${formatCount(own.length)}</td><td class="places">${named(places.join(', '))}${more}</td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">${heading}</th><th scope="col" class="number">rows</th><th scope="col">which</th></tr></thead><tbody>${rows}</tbody></table>`;
}
