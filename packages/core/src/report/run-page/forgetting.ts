import type { Section } from '../document.ts';
import { formatLoss, formatNumber, formatShort } from '../format.ts';
import { html } from '../html.ts';
import { barTable } from '../plot/bar-table.ts';
import type { RunRecord } from '../run-record.ts';

/** What the training has done to what it was not about. */
export function forgettingSection({ forgetting }: RunRecord): Section | null {
  if (!forgetting) return null;
  const { neutralLossBefore, neutralLoss, klBase, neutralTokens, distance } = forgetting;
  const lines = Object.entries(distance.layers).map(([name, { relative }]) => ({ name, value: relative }));
  const change = neutralLoss - neutralLossBefore;
  const perplexity = Math.exp(change);
  return {
    id: 'forgetting',
    title: 'Forgetting',
    note: `Measured on ${formatNumber(neutralTokens)} tokens of English that have nothing to do with the rows.`,
    body: html`<dl class="tiles">
<div><dt>loss on neutral text</dt><dd>${formatLoss(neutralLoss)}<small>nats a token</small><small>before: ${formatLoss(neutralLossBefore)}</small></dd></div>
<div><dt>perplexity there</dt><dd>× ${formatNumber(perplexity)}<small>${change > 0 ? 'of before: it predicts such text worse' : 'of before: it predicts such text no worse'}</small></dd></div>
<div><dt>KL from the base</dt><dd>${formatLoss(klBase)}<small>nats a token: how far its predictions moved</small></dd></div>
<div><dt>distance of the weights</dt><dd>${inPercent(distance.whole.relative)}<small>of their own length, ‖θ − θ₀‖ / ‖θ₀‖</small></dd></div>
</dl>
<h3>By layer</h3>${barTable({ caption: 'Distance of the weights from where they began, by layer', header: ['layer', 'distance'], lines, format: inPercent })}`,
  };
}

/** Three digits that matter: an adapter moves weights by hundredths of a per cent. */
const inPercent = (share: number): string => `${formatShort(100 * share)}\u00a0%`;
