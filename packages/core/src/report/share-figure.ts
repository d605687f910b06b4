import { formatShare } from './format.ts';
import { type Html, html } from './html.ts';

/** Who has a share in something, and how much; a name is a class too, which gives it its colour. */
export type Share = readonly [name: 'prompt' | 'template' | 'completion', share: number];

/** How several share something: a bar, with its shares below. Nothing where there is nothing to share. */
export function shareFigure(what: string, shares: readonly Share[]): Html | [] {
  if (shares.some(([, share]) => !Number.isFinite(share))) return [];
  const shown = shares.filter(([name, share]) => name !== 'template' || share > 0);
  const rectangles = shown.map(([name, share], i) => {
    const from = shown.slice(0, i).reduce((sum, [, before]) => sum + before, 0);
    return html`<rect class="${name}" x="${inPercent(from)}" width="${inPercent(share)}" height="100%"/>`;
  });
  const words = shown.map(([name, share]) => `${name} ${formatShare(share)}`).join(', ');
  return html`<figure class="balance"><figcaption>${what}</figcaption><svg role="img" aria-label="${`${what}: ${words}`}">${rectangles}</svg><p>${shown.map(
    ([name, share]) => html`<span class="${name}">${name} ${formatShare(share)}</span>`,
  )}</p></figure>`;
}

const inPercent = (share: number): string => `${(100 * Math.max(0, share)).toFixed(2)}%`;
