import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entryPoints } from '../../scripts/docs/entry-points.ts';
import { type Page, readPage, root, sections } from './pages.ts';

/**
 * The site for readers that are programs (https://llmstxt.org): `llms.txt` names the pages, each of which is there as
 * Markdown beside its HTML, and `llms-full.txt` is all of them in one.
 */
export async function writeForPrograms(folder: string, title: string, description: string): Promise<void> {
  const groups = sections.map((section) => ({ title: section.title, pages: section.sources.map(readPage) }));
  const lists = groups.map(({ title, pages }) => `## ${title}\n\n${pages.map(entry).join('\n')}`);
  const all = groups.flatMap(({ pages }) => pages);
  const api = `## API\n\n${[...entryPoints().keys()].map((name) => `- [${name}](/api/${name}/index.md)`).join('\n')}`;
  await writeFile(join(folder, 'llms.txt'), `# ${title}\n\n> ${description}\n\n${[...lists, api].join('\n\n')}\n`);
  await writeFile(
    join(folder, 'llms-full.txt'),
    all
      .map(({ text }) => text.trimEnd())
      .join('\n\n---\n\n')
      .concat('\n'),
  );
  for (const { route, text } of all) {
    const file = join(folder, `${route}.md`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await cp(join(root, 'docs/api'), join(folder, 'api'), { recursive: true });
}

const entry = (page: Page): string => `- [${page.title}](/${page.route}.md): ${summaryOf(page)}`;

/** The first sentence of a page. */
export function summaryOf({ source, title, text }: Page): string {
  const [, ...paragraphs] = text.slice(text.indexOf(`# ${title}`)).split(/\n\s*\n/);
  const paragraph = paragraphs.find((one) => /^(?!```)[\p{L}*`[]/u.test(one));
  if (paragraph === undefined) throw new Error(`${source} begins with no sentence`);
  const words = paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\s+/g, ' ');
  const sentence = /^.*?[.?!](?= |$)/.exec(words)?.[0] ?? words;
  return sentence.replace(/:$/, '.');
}
