import { allSources, readPage } from '../.vitepress/pages.ts';

/** The READMEs that are pages of the site. */
export default {
  watch: ['../../packages/*/README.md', '../../{examples,bench}/README.md'],
  paths: () =>
    allSources()
      .map(readPage)
      .filter(({ route }) => route.includes('/'))
      .map(({ route, text }) => {
        const [group, name] = route.split('/');
        return { params: { group, name }, content: text };
      }),
};
