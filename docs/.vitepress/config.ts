import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { entryPoints } from '../../scripts/docs/entry-points.ts';
import { fileNames } from './file-names.ts';
import { repositoryLinks } from './links.ts';
import { writeForPrograms } from './llms.ts';
import { labelOf, readPage, sections } from './pages.ts';

const title = 'Counterweight';
const description = 'Fine-tune language models in TypeScript, and decide how much the prompt counts.';

// A page for each of its names would be in the sidebar of each of those pages: a module's page lists them.
const api = [
  {
    text: 'API',
    link: '/api/',
    items: [...entryPoints().keys()].map((name) => ({ text: name, link: `/api/${name}/` })),
  },
];

const sidebar = sections.map(({ title, sources }) => ({
  text: title,
  items: sources.map(readPage).map((page) => ({ text: labelOf(page, title), link: `/${page.route}` })),
}));

export default defineConfig({
  title,
  description,
  lang: 'en',
  head: [['link', { rel: 'icon', href: '/mark.svg' }]],
  // Files that the pages are in GitHub's words too: one name for a heading, there and here.
  markdown: {
    anchor: { slugify: slug },
    linkify: false,
    config: (md) => {
      md.use(repositoryLinks);
      md.use(fileNames);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Options', link: '/options' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: { '/': [...sidebar, { text: 'API', link: '/api/' }], '/api/': api },
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // Of the API a search finds the pages, by their names: their text would be most of the index.
        _render: (source, env, md) =>
          md.render(env.relativePath.startsWith('api/') ? (/^# .*$/m.exec(source)?.[0] ?? '') : source, env),
      },
    },
  },
  buildEnd: ({ outDir }) => writeForPrograms(outDir, title, description),
});
