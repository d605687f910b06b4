import { printable } from '../errors.ts';

/** HTML that is safe to put into a page as it is. Only `html` makes it, so nothing gets in unescaped. */
export interface Html {
  readonly markup: string;
}

type Content = Html | string | number | readonly Content[];

/** For a page's head: it may show its own styles and nothing else, whatever stands in it. */
export const contentPolicy: Html = {
  markup: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
};

/** A piece of a page: what is filled in is escaped, unless it is such a piece itself. Lists are joined. */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { markup: String.raw({ raw: literals }, ...contents.map(markupOf)) };
}

/**
 * A text as it may stand between tags and in an attribute: markup in it is words, and what would steer or turn the direction of
 * what follows is written as its code.
 */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] as string);
}

function markupOf(content: Content): string {
  if (typeof content === 'string' || typeof content === 'number') return escapeHtml(String(content));
  return 'markup' in content ? content.markup : content.map(markupOf).join('');
}
