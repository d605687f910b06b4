import { documentOf } from './document.ts';
import { type Html, html } from './html.ts';
import type { ReceiptLine } from './receipt-lines.ts';
import { shadedExamples } from './shaded-tokens.ts';
import { shareFigure } from './share-figure.ts';
import type { PreviewExample } from './token-runs.ts';

export interface PreviewPage {
  readonly title: string;
  readonly receipt: readonly ReceiptLine[];
  /** The prompt's share of the total weight, 0 to 1. */
  readonly promptShare: number;
  readonly examples: readonly PreviewExample[];
}

/** The preview as one file that needs nothing else: no script, no font, no address. */
export const previewPage = ({ title, receipt, promptShare, examples }: PreviewPage): string =>
  documentOf({
    title,
    sections: [
      {
        id: 'receipt',
        title: 'Receipt',
        body: html`<div class="balances">${shareFigure('of the weight in the loss', [
          ['prompt', promptShare],
          ['completion', 1 - promptShare],
        ])}</div>${receiptFacts(receipt)}`,
      },
      {
        id: 'rows',
        title: 'Row by row',
        note: 'The stronger the ground, the greater a token’s weight in the loss; tokens in grey are not learnt.',
        body: shadedExamples(examples, Number.POSITIVE_INFINITY),
      },
    ],
  });

/** The lines of a receipt as a page has them. */
export const receiptFacts = (lines: readonly ReceiptLine[]): Html =>
  html`<dl class="facts receipt">${lines.map(entry)}</dl>`;

const entry = ({ label, value, notes }: ReceiptLine): Html =>
  html`<div><dt>${label === 'R_g' ? html`R<sub>g</sub>` : label}</dt><dd>${value}${notes.map((note) => html`<small>${note}</small>`)}</dd></div>`;
