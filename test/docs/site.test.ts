import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { describe, expect, it } from 'vitest';
import { linkedFile, siteLink } from '../../docs/.vitepress/links.ts';
import { summaryOf } from '../../docs/.vitepress/llms.ts';
import { allSources, readPage, sourceAt, unlisted } from '../../docs/.vitepress/pages.ts';
import { pages, root, textOf } from './blocks.ts';

/** The site has every page, and every link of a page leads to something, in the repository as in the site. */

const prose = (text: string): string =>
  text.replaceAll(/^\s*```[\s\S]*?^\s*```$/gm, '').replaceAll(/`[^`\n]*`/g, 'code');

const linksOf = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(<?([^)\s>]+)>?\)/g)].map(([, href = '']) => href);

/** The places of a page, by GitHub's names, which are the site's too. */
function anchorsOf(page: string): Set<string> {
  const slugger = new GithubSlugger();
  const text = textOf(page).replaceAll(/^\s*```[\s\S]*?^\s*```$/gm, '');
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(headings.map((heading) => slugger.slug(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)|[`*]/g, '$1'))));
}

it('every page is in the sidebar', () => {
  expect(unlisted()).toEqual([]);
  expect(new Set(allSources()).size).toBe(allSources().length);
});

it('every page begins with a sentence that says what it is, for llms.txt', () => {
  for (const page of allSources().map(readPage)) expect(summaryOf(page), page.source).toMatch(/^.{15,400}[.?!]$/);
});

describe.each(['ARCHITECTURE.md', ...pages])('%s', (page) => {
  const linked = linksOf(textOf(page)).flatMap((href) => linkedFile(href, page) ?? []);

  it('links to files that are there', () => {
    expect(linked.map(({ path }) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('links to places that are there', () => {
    const lost = linked.filter(({ path, anchor }) => {
      if (anchor === '' || !existsSync(join(root, path))) return false;
      const target = statSync(join(root, path)).isDirectory() ? join(path, 'README.md') : path;
      return target.endsWith('.md') && !anchorsOf(target).has(anchor);
    });
    expect(lost).toEqual([]);
  });
});

it('leads from page to page in the site, and elsewhere to the repository', () => {
  expect(siteLink('rows-and-chat.md#files', 'docs/runs.md')).toBe('/rows-and-chat#files');
  expect(siteLink('../packages/recipe-support', 'docs/runs.md')).toBe('/recipes/support');
  expect(siteLink('../../docs/runs.md', 'packages/cli/README.md')).toBe('/runs');
  expect(siteLink('./fixtures', 'packages/recipe-support/README.md')).toMatch(
    /^https:.*\/tree\/main\/packages\/recipe-support\/fixtures$/,
  );
  const repository = siteLink('../LICENSE', 'docs/runs.md').replace(/\/blob\/main\/LICENSE$/, '');
  expect(siteLink(`${repository}/blob/main/docs/runs.md#a`, 'packages/cli/README.md')).toBe('/runs#a');
  expect(siteLink('https://example.org/a', 'docs/runs.md')).toBe('https://example.org/a');
  expect(siteLink('#here', 'docs/runs.md')).toBe('#here');
  expect(sourceAt('packages/cli/')).toBe('packages/cli/README.md');
});
