import type { RenderedExample } from '@counterweight/core/recipe';
import { formalPronoun } from '../formal-address.ts';
import { direction, renderWith } from './translate.ts';
import type { TranslationRow } from './translation-row.ts';

/**
 * Translate the customer's complaint from English into German, in formal and courteous language (address the reader as
 * "Sie"). Keep every fact, name, number and date. Give the translation only.
 *
 * You guys charged me twice!
 */
export function renderTranslateFormally(row: TranslationRow): RenderedExample {
  const pronoun = formalPronoun(row.to);
  const address = pronoun === undefined ? '' : ` (address the reader as "${pronoun}")`;
  return renderWith(
    `Translate the customer's complaint ${direction(row)}, in formal and courteous language${address}. ` +
      'Keep every fact, name, number and date. Give the translation only.',
    row,
  );
}
