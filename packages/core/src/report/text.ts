import { formatCounted } from './format.ts';
import { type Html, html } from './html.ts';

/** Characters of somebody's text that a page shows at most. */
const SHOWN = 700;

/**
 * A text that is somebody's data, with its line breaks: its own direction ends where it ends.
 */
export function said(text: string): Html {
  if (text === '') return html`<span class="nothing">nothing</span>`;
  const characters = [...text];
  const more = characters.length - SHOWN;
  if (more <= 0) return isolated(text);
  const rest = html` <span class="nothing">… and ${formatCounted(more, 'character')} more</span>`;
  return html`${isolated(characters.slice(0, SHOWN).join(''))}${rest}`;
}

const isolated = (text: string): Html => html`<bdi class="said" dir="auto">${text}</bdi>`;

/** A name that is somebody's data, in a line of ours. */
export const named = (name: string): Html => html`<bdi>${name}</bdi>`;

/** `loraTargets` → `lora targets`, `macroF1` → `macro F1`: for who reads and does not type. */
export const inWords = (camelCase: string): string =>
  camelCase.replace(/(?<=[a-z0-9])[A-Z][a-z]*\d*/g, (word) =>
    /^[A-Z]\d*$/.test(word) ? ` ${word}` : ` ${word.toLowerCase()}`,
  );

/** As the beginning of a sentence. */
export const capitalised = (words: string): string => words.replace(/^./u, (letter) => letter.toUpperCase());
