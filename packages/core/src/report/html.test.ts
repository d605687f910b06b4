import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeHtml, html } from './html.ts';

it('escapes what is filled in, but not pieces of a page', () => {
  const name = html`<b>${'<script>"&\'</script>'}</b>`;
  expect(html`<p title="${'"'}">${name}${[html`<i>${1}</i>`, ' & ']}</p>`.markup).toBe(
    '<p title="&quot;"><b>&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;</b><i>1</i> &amp; </p>',
  );
});

it('leaves no character that could end a text or an attribute', () => {
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']|&(?!\w+;|#39;)/.test(escapeHtml(text))));
});
