import { describe, expect, it } from 'vitest';
import { isFormal } from '../formal-address.ts';
import { copiedSourceRate, untranslatedRate } from './copied-source-rate.ts';
import { glossaryCompliance } from './glossary-compliance.ts';
import { languageIdentifier } from './identify-language.ts';
import { lengthRatio } from './length-ratio.ts';
import { targetLanguageRate } from './target-language-rate.ts';

describe('the language of an output', () => {
  it('is named by its code, whatever the script and region asked for', async () => {
    const identifier = await languageIdentifier();
    expect(identifier.identify('Wo ist meine Rechnung geblieben?')).toBe('de');
    expect(identifier.identify('校長先生は生徒を叱りました。')).toBe('ja');
    expect(identifier.identify('123')).toBeUndefined();
    expect(identifier.isIn('我该去睡觉了。', 'zh-Hant')).toBe(true);
    expect(identifier.isIn('Eu gostaria de falar com você.', 'pt-BR')).toBe(true);
    expect(identifier.isIn('Hvor er regningen min? Jeg har ikke fått den.', 'nb')).toBe(true);
    expect([identifier.knows('nb'), identifier.knows('tlh')]).toEqual([true, false]);
  });

  it('is counted where it is known, and left out where not', async () => {
    const outputs = [
      { hypothesis: 'Where is my invoice?', language: 'en' },
      { hypothesis: 'Wo ist meine Rechnung?', language: 'en' },
      { hypothesis: '', language: 'de' },
      { hypothesis: 'nuqneH', language: 'tlh' },
    ];
    expect(await targetLanguageRate(outputs)).toBeCloseTo(1 / 3, 12);
    expect(await targetLanguageRate(outputs.slice(3))).toBeNaN();
  });
});

it('glossary compliance counts each term of each output', () => {
  const glossary = { Rechnung: 'invoice', Mahnung: 'payment reminder' };
  const of = (...hypotheses: string[]) =>
    glossaryCompliance(hypotheses.map((hypothesis) => ({ hypothesis, language: 'en', glossary })));
  expect(of('The Invoices and a payment  reminder.')).toBe(1);
  expect(of('A bill.', 'An invoice and a reinvoice.')).toBe(0.25);
  expect(glossaryCompliance([{ hypothesis: 'x', language: 'en', glossary: {} }])).toBeNaN();
});

it('the length ratio counts characters, not UTF-16 units or spaces', () => {
  expect(lengthRatio({ hypotheses: ['🎉 🎉', 'ab'], references: [['abcd'], ['abcd', 'abcdefgh']] })).toBeCloseTo(
    0.4,
    12,
  );
});

it('a copy is a copy in any case and white space; names that stay as they are do not count', () => {
  const outputs = [
    { hypothesis: ' wo  IST es? ', source: 'Wo ist es?', references: ['Where is it?'] },
    { hypothesis: 'Where is it?', source: 'Wo ist es?', references: ['Where is it?'] },
    { hypothesis: '', source: 'Wo ist es?', references: ['Where is it?'] },
    { hypothesis: 'Berlin', source: 'Berlin', references: ['Berlin'] },
  ];
  expect(copiedSourceRate(outputs)).toBeCloseTo(1 / 3, 12);
  expect(untranslatedRate(outputs)).toBeCloseTo(2 / 3, 12);
  expect(copiedSourceRate(outputs.slice(3))).toBeNaN();
});

it.each([
  ['Ich bitte Sie, dies zu prüfen.', 'de', true],
  ['Kannst du das prüfen?', 'de', false],
  ['Das ist DEIN Fehler!', 'de-AT', false],
  ["Je vous prie de m'en informer.", 'fr', true],
  ['Je t’en prie.', 'fr', false],
  ['Le ruego que me indique el motivo.', 'es', true],
  ['¿Tú lo sabes?', 'es', false],
  ['', 'de', false],
])('%j in %s is formal: %s', (text, language, formal) => {
  expect(isFormal(text, language)).toBe(formal);
});
