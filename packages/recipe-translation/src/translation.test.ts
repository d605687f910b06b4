import { readFileSync } from 'node:fs';
import type { Recipe } from '@counterweight/core/recipe';
import { recipeConformance } from '@counterweight/core/testing';
import { describe, expect, it } from 'vitest';
import { containsTerm } from './glossary.ts';
import { targetLanguageRate } from './metrics/target-language-rate.ts';
import { splitReplies } from './tasks/reply-in-two-languages.ts';
import { translation } from './translation.ts';

type Input = Record<string, string>;
const rowsOf = (name: string): Input[] =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const [training, evaluation] = [rowsOf('tatoeba-train.jsonl'), rowsOf('tatoeba-eval.jsonl')];
const complaints = rowsOf('complaints.jsonl');
const replies = rowsOf('replies.jsonl');

/** As a model without a chat template is given it. */
function textOf<Row>(recipe: Recipe<Row>, input: unknown): string {
  const { prompt, completion } = recipe.render(recipe.parseRow(input));
  const { user, assistant } = recipe.layout;
  const said = (segments: typeof prompt) => segments.map((segment) => segment.text).join('');
  return `${user.before}${said(prompt)}${user.after}${assistant.before}${said(completion)}`;
}

describe('translate conforms', () => {
  const rows = evaluation.filter((_, at) => at % 7 === 0);
  for (const check of recipeConformance({ recipe: translation(), rows })) it(check.name, check.run);
});

describe('translate-formally conforms', () => {
  const recipe = translation({ task: 'translate-formally' });
  for (const check of recipeConformance({ recipe, rows: complaints })) it(check.name, check.run);
});

describe('reply-in-two-languages conforms', () => {
  const recipe = translation({ task: 'reply-in-two-languages' });
  for (const check of recipeConformance({ recipe, rows: replies })) it(check.name, check.run);
});

describe('a row to translate', () => {
  it('names both languages and the terms, and comes after a blank line', () => {
    const row = { source: 'Wo ist meine Rechnung?', target: 'Where is my invoice?', from: 'deu', to: 'en' };
    expect(textOf(translation(), { ...row, glossary: { Rechnung: 'invoice' } })).toBe(
      'Translate the text from German into English. Give the translation only.\n' +
        'Use these terms: Rechnung = invoice.\n\n' +
        'Wo ist meine Rechnung?\nTranslation:\nWhere is my invoice?',
    );
  });

  it('takes its languages from the options where it has none, and needs no source language', () => {
    const recipe = translation({ to: 'pt-br' });
    expect(textOf(recipe, { source: 'Hello', from: '', target: ' ' })).toMatch(
      /^Translate the text into Portuguese \(Brazil\)\. .*\n\nHello\nTranslation:\n$/,
    );
    expect(recipe.parseRow({ source: 'Hello', to: 'zh_Hant' })).toMatchObject({ to: 'zh-Hant' });
  });

  it('gets the terms of the term base that its source has, for its pair of languages', () => {
    const recipe = translation({
      glossary: [
        { from: 'de', to: 'en', terms: { Rechnung: 'invoice', Mahnung: 'payment reminder' } },
        { from: 'en', to: 'de', terms: { invoice: 'Rechnung' } },
      ],
    });
    const glossaryOf = (row: Input) => recipe.parseRow(row).glossary;
    expect(glossaryOf({ source: 'Ihre Rechnungen', from: 'de-AT', to: 'en-GB' })).toEqual({ Rechnung: 'invoice' });
    expect(glossaryOf({ source: 'Abrechnung', from: 'de', to: 'en' })).toEqual({});
    expect(glossaryOf({ source: 'the invoice', from: 'en', to: 'de', glossary: 'invoice = Faktura; a=b' })).toEqual({
      invoice: 'Faktura',
      a: 'b',
    });
    expect(recipe.tally?.(recipe.parseRow({ source: 'Ihre Rechnung', from: 'de', to: 'en' }))).toEqual({
      'glossary terms in prompts': 1,
    });
  });

  it.each([
    [{ text: 'x', to: 'de' }, 'source', /"source" is missing/],
    [{ source: 'x' }, 'to', /"to" is missing/],
    [{ source: 'x', to: 'German' }, 'to', /"German" is no language code/],
    [{ source: 'x', to: 'de', glossary: 'a b' }, 'glossary', /"glossary" does not fit: expected record/],
  ])('is refused as %j, naming the field', (row, field, message) => {
    expect(() => translation().parseRow(row)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });
});

it('a complaint asks for the formal pronoun of its language, where there is one', () => {
  const recipe = translation({ task: 'translate-formally', from: 'en' });
  expect(textOf(recipe, { source: 'Fix it.', to: 'de' })).toContain(
    'in formal and courteous language (address the reader as "Sie"). Keep every fact',
  );
  expect(textOf(recipe, { source: 'Fix it.', to: 'ja' })).toContain('in formal and courteous language. Keep');
});

describe('a message to reply to', () => {
  const recipe = translation({ task: 'reply-in-two-languages', languages: ['es', 'en'] });

  it('is answered in both languages, in their order, each behind its name', () => {
    expect(textOf(recipe, { message: '¿Dónde?', replies: { en: 'Here.', es: 'Aquí.' } })).toBe(
      "Reply to the customer's message, first in Spanish, then in English, saying the same in both. " +
        'Begin each reply with the name of its language and a colon.\n\n¿Dónde?\nReply:\nSpanish: Aquí.\nEnglish: Here.',
    );
  });

  it.each([
    ['Spanish: Aquí.\nEnglish: Here.', ['Aquí.', 'Here.']],
    ['  spanish : Aquí.\nY allí.\n\nENGLISH: Here.\nAnd there.', ['Aquí.\nY allí.', 'Here.\nAnd there.']],
    ['Spanish: Aquí.', ['Aquí.', '']],
    ['English: Here.', ['', 'Here.']],
    ['Aquí. English: Here.', ['', '']],
    ['', ['', '']],
  ])('has its parts found in %j', (text, parts) => {
    expect(splitReplies(text, ['es', 'en'])).toEqual(parts);
  });

  it.each([
    [{ message: 'x', replies: { en: 'y' } }, 'replies', /one for each of es and en/],
    [{ message: 'x', languages: ['es'] }, 'languages', /"languages/],
    [{ languages: ['es', 'en'] }, 'message', /"message" is missing/],
  ])('is refused as %j, naming the field', (row, field, message) => {
    expect(() => recipe.parseRow(row)).toThrow(
      expect.objectContaining({ field: expect.stringContaining(field), message: expect.stringMatching(message) }),
    );
  });
});

it('finds terms from the beginning of a word, in any case and with any ending', () => {
  expect(containsTerm('Ihre RECHNUNGEN', 'Rechnung', 'de')).toBe(true);
  expect(containsTerm('Abrechnung', 'rechnung', 'de')).toBe(false);
  expect(containsTerm('a payment\nreminder (first)', 'payment reminder', 'en')).toBe(true);
  expect(containsTerm('请看发票。', '发票', 'zh')).toBe(true);
  expect(containsTerm('cafe\u0301', 'café', 'fr')).toBe(true);
  expect(containsTerm('C++ code', 'C++', 'en')).toBe(true);
});

it('knows its options', () => {
  expect(translation().options).toEqual({ task: 'translate', glossary: [], bleuTokenizer: 'by-language' });
  expect(translation({ to: 'deu' }).options).toMatchObject({ to: 'de' });
  const optionOf = (option: string) => expect.objectContaining({ option: expect.stringContaining(option) });
  expect(() => translation({ task: 'sing' } as never)).toThrow(optionOf('task'));
  expect(() => translation({ to: 'German' })).toThrow(optionOf('to'));
  expect(() => translation({ bleuTokenizer: '14a' } as never)).toThrow(optionOf('bleuTokenizer'));
});

describe('metrics of the recipe', () => {
  const recipe = translation();
  const predictionsOf = (rows: readonly Input[], textFor: (row: Input) => string) =>
    rows.map((row) => ({ row: recipe.parseRow(row), text: textFor(row) }));
  const measure = async (predictions: ReturnType<typeof predictionsOf>) =>
    Object.fromEntries(
      await Promise.all(recipe.metrics.map(async ({ name, compute }) => [name, await compute(predictions)] as const)),
    );

  it('are perfect for the targets, and tell a copy of the source from a translation', async () => {
    const right = await measure(predictionsOf(evaluation, (row) => row.target!));
    expect(right).toMatchObject({ chrf: 100, chrfPlusPlus: 100, ter: 0, lengthDeviation: 0, untranslatedRate: 0 });
    expect(right.bleu).toBeCloseTo(100, 9);
    expect(right.glossaryCompliance).toBeNaN();
    const copies = await measure(predictionsOf(evaluation, (row) => row.source!));
    expect(copies.untranslatedRate).toBe(1);
    expect(copies.targetLanguageRate).toBeLessThan(0.05);
    expect(copies.chrfPlusPlus).toBeLessThan(30);
  });

  it('cut Japanese and Chinese into characters, and take further references', async () => {
    const row = {
      source: 'x',
      target: '彼は手紙を書く。',
      to: 'ja',
      references: ['彼が手紙を書いています。'] as never,
    };
    const { bleu } = await measure(predictionsOf([row], () => '彼は手紙を書いています。'));
    expect(bleu).toBeGreaterThan(50);
  });
});

describe('the samples', () => {
  it('share no English sentence, and hold nine pairs in both directions', () => {
    expect([training.length, evaluation.length]).toEqual([1080, 270]);
    const english = (row: Input) => (row.from === 'en' ? row.source! : row.target!).toLowerCase();
    const seen = new Set(training.map(english));
    expect(evaluation.filter((row) => seen.has(english(row)))).toEqual([]);
    expect(new Set(training.map((row) => `${row.from} ${row.to}`)).size).toBe(18);
  });

  it('are nearly always recognised as what they are', async () => {
    const targets = evaluation.map((row) => ({ hypothesis: row.target!, language: row.to! }));
    expect(await targetLanguageRate(targets)).toBeGreaterThan(0.97);
  });
});
