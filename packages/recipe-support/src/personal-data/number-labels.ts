/** What the words before a number say of it. Only the last 80 characters are looked at. */

const ORDER =
  'orders?|order-?id|tracking|invoices?|tickets?|references?|ref|cases?|items?|articles?|sku|serials?|parts?|booking|' +
  'reservation|confirmation|shipment|parcel|package|imei|ean|isbn';
const OTHER =
  'accounts?|acct|(?:customer|member) (?:number|no|nr|id)|membership|model|versions?|build|release|firmware|policy|' +
  'claims?|transactions?|transfer|ids?|pin|ssn|zip|vat|tax|amount|total|price';
const PHONE =
  'phones?|telephones?|tel|mobiles?|cell|cellphone|landline|fax|whatsapp|sms|handy|' +
  'call(?:ing|ed)?(?: (?:me|us|him|her|back))?|dial(?:led)?|text(?:ed)? (?:me|us)|ring (?:me|us)|reach (?:me|us)';

/** What may stand between such a word and its number: "order number is:". */
const FILLER =
  '[ .:#]*(?:(?:numbers?|num|nr|no|id|code|is|was|are|the|my|our|its|at|on|under|of|and|:|#|\\.|=|-|–|\\(|"|\')\\s*)*';

const NAMED_ORDER = new RegExp(`(?<!\\p{L})(?:${ORDER})${FILLER}$`, 'iu');
const NAMED_OTHERWISE = new RegExp(`(?:(?<!\\p{L})(?:${ORDER}|${OTHER}|v)${FILLER}|[#№]\\s*)$`, 'iu');
const CUE = new RegExp(`(?<!\\p{L})(?:(?<phone>${PHONE})|${ORDER}|${OTHER})(?!\\p{L})`, 'giu');

const near = (before: string) => before.slice(-80);

/** Whether the words right before a number say that it is of an order, a parcel, a ticket or a thing. */
export function isNamedOrder(before: string): boolean {
  return NAMED_ORDER.test(near(before));
}

/** Whether the words right before a number say that it is anything but a phone's. */
export function isNamedOtherwise(before: string): boolean {
  return NAMED_OTHERWISE.test(near(before));
}

/** Whether the nearest word before a number, in its line and the one before, that tells what it is says a phone. */
export function asksForPhone(before: string): boolean {
  const lines = near(before).split('\n').slice(-2).join('\n');
  return [...lines.matchAll(CUE)].at(-1)?.groups?.phone !== undefined;
}
