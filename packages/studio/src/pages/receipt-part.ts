import {
  type Html,
  html,
  promptShare,
  receiptFacts,
  receiptLines,
  shadedExamples,
  shareFigure,
} from '@counterweight/core/report';
import type { DraftState } from '../draft/describe-draft.ts';

/** What would be trained on, and what of it counts how much. */
export function receiptPart({ draft, preview, problem }: DraftState): Html {
  if (!preview) {
    const missing = [...(draft.model === '' ? ['a model'] : []), ...(draft.data === '' ? ['rows'] : [])];
    if (problem || missing.length === 0) return html``;
    return html`<p class="note">Choose ${missing.join(' and ')}, and here is what would be trained on.</p>`;
  }
  const { receipt, examples, recipe, weight } = preview;
  const weights = { ...draft.training, promptLossWeight: weight };
  const prompt = promptShare(receipt, weights);
  const template = receipt.templateWeightShare ?? 0;
  const tokens = receipt.promptTokens / (receipt.promptTokens + receipt.completionTokens);
  return html`<div data-weight="${weight}" data-ready class="balances">${shareFigure('of the tokens', [
    ['prompt', tokens],
    ['completion', 1 - tokens],
  ])}${shareFigure('of the weight in the loss', [
    ['prompt', prompt],
    ['template', template],
    ['completion', 1 - prompt - template],
  ])}</div>
<h3>Row by row</h3><p class="note">The stronger the ground, the greater a token’s weight in the loss; tokens in grey are not learnt.</p>${shadedExamples(examples)}
<details open><summary>The receipt</summary>${receiptFacts(receiptLines(receipt, recipe, weights))}</details>`;
}
