import type { Phrasings, PlainLayout, RenderedExample, Segment } from '@counterweight/core/recipe';
import { glossaryLine, glossaryTerms } from '../glossary.ts';
import { languageName } from '../languages.ts';
import type { TranslationRow } from './translation-row.ts';

/** For models without a chat template. */
export const translationLayout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: '', after: '\n' },
  assistant: { before: 'Translation:\n', after: '\n' },
  tool: { before: '', after: '\n' },
};

/**
 * Translate the text from German into English. Give the translation only.
 * Use these terms: Rechnung = invoice.
 *
 * Wo ist meine Rechnung?
 */
export function renderTranslate(row: TranslationRow): RenderedExample {
  const way = direction(row);
  return renderWith(
    {
      text: `Translate the text ${way}. Give the translation only.`,
      phrasings: {
        what: `Give a translation of the text ${way}, and nothing else.`,
        put: `Translate what follows ${way}. Write nothing but the translation.`,
        heldOut: `Below is a text to be translated ${way}. Answer with its translation and no more.`,
      },
    },
    row,
  );
}

/** What is asked for, in all phrasings. */
export type Instruction = Required<Pick<Segment, 'text' | 'phrasings'>>;

/** `from German into English` */
export function direction({ from, to }: TranslationRow): string {
  return `${from === undefined ? '' : `from ${languageName(from)} `}into ${languageName(to)}`;
}

/**
 * The instruction comes first, so that a text that asks for something is read as a text. The text is never shortened:
 * a target that says more than its source would teach the model to invent. Nor is it free in its capitals and its
 * punctuation, which a translation keeps; a slip in it is still translated as what was meant, but in no word that the
 * glossary goes by. The terms of the glossary may come in any order.
 */
export function renderWith(
  { text, phrasings }: Instruction,
  { source, glossary, target }: TranslationRow,
): RenderedExample {
  const withTerms = (instruction: string) => `${instruction}${glossaryLine(glossary)}\n\n`;
  const terms = Object.keys(glossary);
  return {
    prompt: [
      {
        role: 'user',
        text: withTerms(text),
        phrasings: phrasingsWith(phrasings, withTerms),
        ...(terms.length > 1 && { freedom: { items: glossaryTerms(glossary) } }),
      },
      { role: 'user', text: source, freedom: { typing: true, keep: terms.flatMap((term) => term.split(/\s+/u)) } },
    ],
    completion: target ? [{ role: 'assistant', text: target }] : [],
  };
}

const phrasingsWith = ({ heldOut, ...others }: Phrasings, write: (instruction: string) => string): Phrasings => ({
  ...Object.fromEntries(Object.entries(others).map(([name, text]) => [name, write(text)])),
  heldOut: write(heldOut),
});
