import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { allSources, root, routeOf, sourceAt } from './pages.ts';

/**
 * Links of a page are those that work in the repository, from file to file, or, in the README of a package, which npm
 * shows too, with the repository's address before it. In the site they lead to the page of that file, or, where it has
 * none, to the repository.
 */

const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository: { url: string } };

/** The repository, as a browser opens it. */
const repositoryAddress = repository.url.replace(/^git\+|\.git$/g, '');
const prefixes = ['blob', 'tree'].map((kind) => `${repositoryAddress}/${kind}/main/`);

/** A link of a page, as the file of the repository that it leads to and a place in it; undefined of other links. */
export function linkedFile(href: string, source: string): { path: string; anchor: string } | undefined {
  const prefix = prefixes.find((one) => href.startsWith(one));
  if (/^[a-z]+:/.test(href) && prefix === undefined) return undefined;
  const [path = '', anchor = ''] = href.slice(prefix?.length ?? 0).split('#');
  if (path === '') return { path: source, anchor };
  return { path: prefix === undefined ? posix.join(posix.dirname(source), path) : path, anchor };
}

/** Where a link of a page leads in the site. */
export function siteLink(href: string, source: string): string {
  const linked = href.startsWith('#') ? undefined : linkedFile(href, source);
  if (!linked) return href;
  const { path, anchor } = linked;
  const hash = anchor === '' ? '' : `#${anchor}`;
  const page = sourceAt(path);
  if (page !== undefined) return `/${routeOf(page)}${hash}`;
  const isFolder = existsSync(join(root, path)) && statSync(join(root, path)).isDirectory();
  return `${repositoryAddress}/${isFolder ? 'tree' : 'blob'}/main/${path.replace(/\/$/, '')}${hash}`;
}

const sources = new Map(['docs/index.md', ...allSources()].map((source) => [`${routeOf(source)}.md`, source] as const));

/** Reads the links of a page as its source means them. */
export function repositoryLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const source = sources.get(env.relativePath);
    if (source === undefined) return;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'link_open') token.attrSet('href', siteLink(String(token.attrGet('href')), source));
    }
  });
}
