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
  const way = `${direction(row)}, in formal and courteous language${address}`;
  return renderWith(
    {
      text:
        `Translate the customer's complaint ${way}. ` +
        'Keep every fact, name, number and date. Give the translation only.',
      phrasings: {
        letter:
          `Make this complaint a translation ${way}. ` +
          'Leave out no fact, name, number or date. Give the translation only.',
        put: `Translate what the customer complains of ${way}. All facts, names, numbers and dates stay. Write nothing else.`,
        heldOut:
          `Below is a complaint to be translated ${way}. ` +
          'No fact, name, number or date may get lost. Answer with the translation alone.',
      },
    },
    row,
  );
}
