import { brandMark, type Html, html, pageStyle } from '@counterweight/core/report';
import { studioStyle } from './style.ts';

export interface Page {
  readonly title: string;
  /** Which part of the studio it is, for the menu. */
  readonly part: 'runs' | 'new' | 'ask';
  readonly lead?: Html | readonly Html[];
  readonly body: Html | readonly Html[];
  /** Scripts of the page beside the one that keeps it up to date, by name. */
  readonly scripts?: readonly string[];
}

const PARTS = [
  ['runs', '/', 'Runs'],
  ['new', '/new', 'New run'],
  ['ask', '/ask', 'Ask'],
] as const;

/** A page of the studio: the looks of a report, with a menu, and scripts that are files of ours. */
export const pageOf = ({ title, part, lead = [], body, scripts = [] }: Page): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Counterweight studio</title>
<link rel="icon" href="data:,">
<style>${{ markup: pageStyle }}${{ markup: studioStyle }}</style>
${['live', ...scripts].map(
  (name) => html`<script type="module" src="/client/${name}.js"></script>
`,
)}</head>
<body class="studio">
<a class="unseen skip" href="#main">To the page's content</a>
<header>
<div class="bar"><a class="brand" href="/">${brandMark} Counterweight studio</a>
<nav aria-label="Studio">${PARTS.map(([name, address, words]) =>
    name === part
      ? html`<a href="${address}" aria-current="page">${words}</a> `
      : html`<a href="${address}">${words}</a> `,
  )}</nav></div>
<h1><bdi>${title}</bdi></h1>
${lead}
</header>
<main id="main">
${body}
</main>
<p id="connection" class="status" role="status" hidden>The studio does not answer. Runs go on without it; start it again, and this page finds it.</p>
</body>
</html>
`.markup;

/** A part of a page that is asked for anew when what it shows has changed. */
export interface LivePart {
  /** Where it comes from. */
  readonly address: string;
  /** Ids of the jobs whose changes matter, or `*`. */
  readonly on: string;
  /** Not more often than so. */
  readonly everyMs: number;
  readonly content: Html | readonly Html[];
}

export const livePart = ({ address, on, everyMs, content }: LivePart): Html =>
  html`<div data-live="${address}" data-on="${on}" data-every="${everyMs}">${content}</div>`;

/** A button that asks the studio to do something, and then shows the page anew or goes where the answer says. */
export const actionButton = (words: string, address: string, data: Readonly<Record<string, string>>, look = ''): Html =>
  html`<button type="button" class="${look}" data-post="${address}" data-body="${JSON.stringify(data)}">${words}</button>`;

/** An address with what it is asked for. */
export const addressOf = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(query)}`;
