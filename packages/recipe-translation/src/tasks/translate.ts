import type { PlainLayout, RenderedExample } from '@counterweight/core/recipe';
import { glossaryLine } from '../glossary.ts';
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
  return renderWith(`Translate the text ${direction(row)}. Give the translation only.`, row);
}

/** `from German into English` */
export function direction({ from, to }: TranslationRow): string {
  return `${from === undefined ? '' : `from ${languageName(from)} `}into ${languageName(to)}`;
}

/**
 * The instruction comes first, so that a text that asks for something is read as a text. The text is never shortened:
 * a target that says more than its source would teach the model to invent.
 */
export function renderWith(instruction: string, { source, glossary, target }: TranslationRow): RenderedExample {
  return {
    prompt: [
      { role: 'user', text: `${instruction}${glossaryLine(glossary)}\n\n` },
      { role: 'user', text: source },
    ],
    completion: target ? [{ role: 'assistant', text: target }] : [],
  };
}
