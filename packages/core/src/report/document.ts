import { contentPolicy, type Html, html } from './html.ts';
import { pageStyle } from './style/index.ts';

export interface Document {
  readonly title: string;
  /** What is said below the title. */
  readonly lead?: Html | readonly Html[] | undefined;
  /** A part that has no name is not named in the overview. */
  readonly sections: readonly (Section | null)[];
}

/** A part of a page, with a heading that the overview leads to. */
export interface Section {
  /** A word that no other part has: it is the part's address. */
  readonly id: string;
  readonly title: string;
  /** A sentence below the title. */
  readonly note?: string | Html | undefined;
  readonly body: Html | readonly Html[];
}

/** A page of ours: no scripts, no fonts, nothing that is not in it. */
export function documentOf({ title, lead = [], sections }: Document): string {
  const shown = sections.filter((section) => section !== null);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${contentPolicy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · Counterweight</title>
<style>${{ markup: pageStyle }}</style>
</head>
<body>
<header>
<p class="brand">${brandMark} Counterweight</p>
<h1><bdi>${title}</bdi></h1>
${lead}
<nav aria-label="Parts of this page">${shown.map(({ id, title }) => html`<a href="#${id}">${title}</a> `)}</nav>
</header>
<main>
${shown.map(sectionMarkup)}</main>
</body>
</html>
`.markup;
}

/** A part as it stands in a page. */
export const sectionMarkup = ({
  id,
  title,
  note,
  body,
}: Section): Html => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${note === undefined ? [] : html`<p class="note">${note}</p>`}
${body}
</section>
`;

/** A beam on its pivot: a light prompt balances a heavy completion. */
export const brandMark = html`<svg width="20" height="16" viewBox="0 0 20 16" aria-hidden="true"><path d="M10 6.5 6.5 15h7zM1 4.2l18 4.6" class="beam"/><circle cx="3.2" cy="2" r="2" class="prompt"/><rect x="13.6" y="1.2" width="5.6" height="5.6" rx="1" class="completion" transform="rotate(14 16.4 4)"/></svg>`;
