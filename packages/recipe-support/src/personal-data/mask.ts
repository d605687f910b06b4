import { maskCardNumbers } from './card-numbers.ts';
import { maskEmailAddresses } from './email-addresses.ts';
import { splitAtIbans } from './ibans.ts';
import { maskPhoneNumbers } from './phone-numbers.ts';

/** What stands in the text instead. */
export const MASKS = { emailAddresses: '[e-mail]', phoneNumbers: '[phone]', cardNumbers: '[card]' } as const;

/** How many of each kind were masked. */
export type MaskCounts = Readonly<Record<keyof typeof MASKS, number>>;

/**
 * A text with its e-mail addresses, phone numbers and payment card numbers replaced by {@link MASKS}. Order numbers,
 * bank accounts (IBAN), dates, prices and versions stay: `email-addresses.ts`, `phone-numbers.ts` and
 * `card-numbers.ts` say what counts as what. Names and postal addresses stay as well.
 */
export function maskPersonalData(text: string): { readonly text: string; readonly counts: MaskCounts } {
  const email = maskEmailAddresses(text, MASKS.emailAddresses);
  const counts = { emailAddresses: email.count, phoneNumbers: 0, cardNumbers: 0 };
  const parts = splitAtIbans(email.text).map((part) => {
    if (part.iban) return part.text;
    const card = maskCardNumbers(part.text, MASKS.cardNumbers);
    const phone = maskPhoneNumbers(card.text, MASKS.phoneNumbers);
    counts.cardNumbers += card.count;
    counts.phoneNumbers += phone.count;
    return phone.text;
  });
  return { text: parts.join(''), counts };
}
