import { describe, expect, it } from 'vitest';
import { translation } from './translation.ts';

type Any = ReturnType<typeof translation>;
const terms = { Rechnung: 'invoice', Mahnung: 'payment reminder' };

describe.each([
  [
    'translate',
    translation({ from: 'de', to: 'en' }),
    { source: 'Wo ist sie?' },
    'Translate the text from German into English. Give the translation only.\n\nWo ist sie?',
    ['what', 'put'],
  ],
  [
    'translate with terms',
    translation({ to: 'en' }),
    { source: 'Wo ist die Rechnung?', glossary: terms },
    'Translate the text into English. Give the translation only.\n' +
      'Use these terms: Rechnung = invoice; Mahnung = payment reminder.\n\nWo ist die Rechnung?',
    ['what', 'put'],
  ],
  [
    'translate formally',
    translation({ task: 'translate-formally', from: 'en', to: 'de' }),
    { source: 'You charged me twice!' },
    'Translate the customer\'s complaint from English into German, in formal and courteous language (address the reader as "Sie"). ' +
      'Keep every fact, name, number and date. Give the translation only.\n\nYou charged me twice!',
    ['letter', 'put'],
  ],
  [
    'reply in two languages',
    translation({ task: 'reply-in-two-languages', languages: ['es', 'en'] }),
    { message: '¿Dónde está?' },
    "Reply to the customer's message, first in Spanish, then in English, saying the same in both. " +
      'Begin each reply with the name of its language and a colon.\n\n¿Dónde está?',
    ['answer', 'write'],
  ],
] as const)('%s', (name, recipe, row, words, names) => {
  const { parseRow, render } = recipe as Any;
  const { prompt } = render(parseRow(row));

  it('is asked in these words by default', () => expect(prompt.map(({ text }) => text).join('')).toBe(words));

  it('has other words for its instruction, one of them never trained on', () => {
    expect(Object.keys(prompt[0]?.phrasings ?? {})).toEqual([...names, 'heldOut']);
  });

  it('a translation keeps the capitals and punctuation of its source, a reply does not', () => {
    const { case: isFree, typing } = prompt.at(-1)?.freedom ?? {};
    expect([isFree ?? false, typing]).toEqual([name === 'reply in two languages', true]);
  });
});

it('terms come with every phrasing, in any order, and no slip is made in them', () => {
  const { parseRow, render } = translation({ to: 'en' });
  const [instruction, source] = render(parseRow({ source: 'Wo ist die Rechnung?', glossary: terms })).prompt;
  for (const words of Object.values(instruction?.phrasings ?? {})) {
    expect(words).toContain('\nUse these terms: Rechnung = invoice; Mahnung = payment reminder.\n\n');
  }
  expect(instruction?.freedom).toEqual({ items: ['Rechnung = invoice', 'Mahnung = payment reminder'] });
  expect(source?.freedom).toEqual({ typing: true, keep: ['Rechnung', 'Mahnung'] });
});
