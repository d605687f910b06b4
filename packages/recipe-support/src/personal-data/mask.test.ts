import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasLuhnCheckDigit, isCardNumber } from './card-numbers.ts';
import { isIban } from './ibans.ts';
import { maskPersonalData } from './mask.ts';

const masked = (text: string) => maskPersonalData(text).text;

describe('e-mail addresses go', () => {
  it.each([
    ['Write to jane.doe+orders@mail.example.co.uk.', 'Write to [e-mail].'],
    ['<cminh730@email.com>, please', '<[e-mail]>, please'],
    ['mailto:a@b.io?subject=x', 'mailto:[e-mail]?subject=x'],
    ["jürgen@müller.de und o’brien: o'brien@x.ie", '[e-mail] und o’brien: [e-mail]'],
    ['9776252661@qq.com', '[e-mail]'],
    ['a@b.com,c@d.org;e@f.net', '[e-mail],[e-mail];[e-mail]'],
  ])('%s', (text, expected) => expect(masked(text)).toBe(expected));

  it.each(['@acme_help 3 apples @ 1.99', 'root@localhost', 'a @ b.com', 'name@', 'x@y.1'])('but not in: %s', (text) =>
    expect(masked(text)).toBe(text),
  );
});

describe('card numbers go', () => {
  it.each([
    ['My card 4111 1111 1111 1111 was stolen', 'My card [card] was stolen'],
    ['4111-1111-1111-1111', '[card]'],
    ['5555555555554444.', '[card].'],
    ['amex 3782 822463 10005, exp 12/27', 'amex [card], exp 12/27'],
    ['378282246310005', '[card]'],
    ['diners 3056 930902 5904 and 6011111111111117', 'diners [card] and [card]'],
    ['2223003122003222 / 3530111333300000', '[card] / [card]'],
    ['item 12 4111 1111 1111 1111', 'item 12 [card]'],
    ['my order, and the card is 4111111111111111', 'my order, and the card is [card]'],
    ['account 4111111111111111', 'account [card]'],
    ['4111 1111 1111 1111 123 12/27', '[card] 123 12/27'],
    ['since 2025 4111 1111 1111 1111 and 4111111111111111 4111111111111111', 'since 2025 [card] and [card] [card]'],
  ])('%s', (text, expected) => expect(masked(text)).toBe(expected));

  it.each([
    ['a wrong check digit', '4111 1111 1111 1112'],
    ['no scheme’s prefix', 'order 1234567812345670'],
    ['an IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['an IBAN whose groups would be a card', 'GR16 0110 1250 0000 0001 2300 695'],
    ['an IBAN in one', 'FR1420041010050500013M02606'],
    ['a time stamp', '20240506103000'],
    ['an Amazon order', '112-4567890-1234567'],
    ['an id', '4f11111111111111a and x4111111111111111'],
    ['mixed separators', '4111 1111-1111 1111'],
    ['an order’s number by chance', 'order number is 4111111111111111, tracking #5555555555554444'],
    ['a Maestro prefix of an order', '501234567892'],
  ])('but not %s', (_, text) => expect(masked(text)).toBe(text));

  it('knows Luhn’s digit', () => {
    expect(hasLuhnCheckDigit('79927398713')).toBe(true);
    expect(hasLuhnCheckDigit('79927398710')).toBe(false);
    // No single wrong digit passes.
    fc.assert(
      fc.property(fc.nat({ max: 15 }), fc.integer({ min: 1, max: 9 }), (place, by) => {
        const digits = [...'4012888888881881'];
        digits[place] = `${(Number(digits[place]) + by) % 10}`;
        return !isCardNumber(digits.join(''));
      }),
    );
  });

  it('keeps an account whose groups would be a card', () => {
    const groups = '4111 1111 1111 1111 11';
    expect(masked(groups)).toBe('[card] 11');
    const iban = Array.from({ length: 97 }, (_, i) => `DE${`${i + 2}`.padStart(2, '0')} ${groups}`).find(isIban);
    expect(iban).toBeDefined();
    expect(masked(`My account is ${iban}.`)).toBe(`My account is ${iban}.`);
  });
});

describe('phone numbers go', () => {
  it.each([
    ['(977) 625-2661', '[phone]'],
    ['Details of (977) 625-2661 have been entered.', 'Details of [phone] have been entered.'],
    ['(977)625-2661 or 977-625-2661 or 977.625.2661 or 977 625 2661', '[phone] or [phone] or [phone] or [phone]'],
    ['1-800-555-0199 ext. 12!', '[phone]!'],
    ['+1 977 625 2661, +19776252661', '[phone], [phone]'],
    ['+49 (0)30 1234567', '[phone]'],
    ['+44 20 7946 0958', '[phone]'],
    ['0044 20 7946 0958', '[phone]'],
    ['020 7946 0958', '[phone]'],
    ['(020) 7946 0958', '[phone]'],
    ['01632-960001', '[phone]'],
    ['01.23.45.67.89', '[phone]'],
    ['06 12 34 56 78', '[phone]'],
    ['Customer: 0171 12 345678', 'Customer: [phone]'],
    ['089/1234567', '[phone]'],
    ['0171/123 45 67', '[phone]'],
    ['call me on 6252661', 'call me on [phone]'],
    ['my phone number is 9776252661.', 'my phone number is [phone].'],
    [
      'Agent: may I have your phone number?\nCustomer: 9776252661',
      'Agent: may I have your phone number?\nCustomer: [phone]',
    ],
    ['Order 3348917502, mobile 07700900123', 'Order 3348917502, mobile [phone]'],
    ['+91 98765 43210', '[phone]'],
    ['+86-138-0013-8000', '[phone]'],
  ])('%s', (text, expected) => expect(masked(text)).toBe(expected));

  it.each([
    'Order ID: 3348917502',
    'order number is 212-555-0134',
    'my order #212-555-0134',
    'Agent: your order ID?\nCustomer: 7916676427',
    'call me about order 3348917502',
    'tracking 9400 1000 0000 0000 0000 00',
    'on 2024-05-06, 06.05.2024, 05/06/2024 10:30, 05/06/24 and 05-06-2024 1030',
    'I paid $1,234.50, 1 234 567,00 €, USD 200, 12.000.000 and £0.99',
    'version 10.0.19045.3803, v204.301.1000, build 204.301.1000, Firmware 01.02.03.04',
    'IP 192.168.100.200 and 10.0.0.1',
    'ISBN 978-3-16-148410-0 or 0-306-40615-2',
    'ZIP 02139-4307, 98101-1234',
    'SSN 012-34-5678',
    '31971762-f14e-4d55-b909-0370f6e4db19',
    'DE89 3704 0044 0532 0130 00',
    'GB82 WEST 1234 5698 7654 32',
    'EAN 4006381333931',
    'open 24/7, 365 days, 9:30-17:00, room 0123, 1999-2000-2001',
    'ratio 0.123456789 or 3.14159265358979',
    'call 3 times in 2023 about invoice 20231234567',
    'serial SN-0123-4567-8901, part 555-0199-A',
    '100 200 300',
    'size 028 34',
  ])('but not in: %s', (text) => expect(masked(text)).toBe(text));
});

it('counts what it masked', () => {
  expect(maskPersonalData('a@b.com, (977) 625-2661, 4111111111111111 and c@d.com')).toEqual({
    text: '[e-mail], [phone], [card] and [e-mail]',
    counts: { emailAddresses: 2, phoneNumbers: 1, cardNumbers: 1 },
  });
});

it('leaves texts without digits and @ alone, and finds every one of a list', () => {
  fc.assert(
    fc.property(
      fc.string().map((text) => text.replace(/[\d@]/g, '')),
      (text) => masked(text) === text,
    ),
  );
  const data = fc.constantFrom('a@b.com', '+49 30 1234567', '4111 1111 1111 1111', '(977) 625-2661', '020 7946 0958');
  fc.assert(
    fc.property(fc.array(data, { minLength: 1, maxLength: 8 }), (pieces) => {
      const { emailAddresses, phoneNumbers, cardNumbers } = maskPersonalData(pieces.join('; ')).counts;
      return emailAddresses + phoneNumbers + cardNumbers === pieces.length;
    }),
  );
});

// In quadratic time these would take longer than a test may.
it('reads long texts in linear time', () => {
  const texts = [
    'a'.repeat(500_000),
    '1 '.repeat(250_000),
    '0'.repeat(500_000),
    '1-'.repeat(250_000),
    'a.'.repeat(250_000),
    '+1 2'.repeat(120_000),
    'call '.repeat(100_000),
    `a@${'b.'.repeat(250_000)}`,
  ];
  for (const text of texts) expect(masked(text)).toBeTypeOf('string');
});
