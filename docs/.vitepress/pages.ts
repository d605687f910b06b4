import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Which pages the site has, in the order of its sidebar. A page is written once: in docs/, or as the README of a package,
 * where npm and the repository show it too. What a page is called is its heading.
 */

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Section {
  readonly title: string;
  /** Paths in the repository. */
  readonly sources: readonly string[];
}

const docs = (...names: string[]) => names.map((name) => `docs/${name}.md`);
const readmes = (...names: string[]) => names.map((name) => `packages/${name}/README.md`);

export const sections: readonly Section[] = [
  {
    title: 'Learn',
    sources: docs(
      ...['getting-started', 'bring-your-rows', 'bring-your-model', 'write-your-own-recipe', 'mix-recipes'],
      ...['speed-and-memory', 'deploy-the-result', 'when-something-goes-wrong'],
    ),
  },
  {
    title: 'Recipes',
    sources: readmes('recipe-support', 'recipe-code', 'recipe-retail', 'recipe-education', 'recipe-translation'),
  },
  { title: 'How much should the prompt count?', sources: docs('prompt-weight', 'how-much-should-the-prompt-count') },
  { title: 'Coming from', sources: docs('coming-from-openai', 'coming-from') },
  {
    title: 'In depth',
    sources: docs(
      'rows-and-chat',
      'runs',
      'word-choice',
      'quantized-base',
      'exports',
      'serving',
      'tracking',
      'clusters',
      'scaling',
    ),
  },
  {
    title: 'Packages',
    sources: readmes('cli', 'core', 'launch', 'serve', 'ai-provider', 'studio', 'create-counterweight-recipe'),
  },
  { title: 'Reference', sources: docs('options', 'metrics') },
  { title: 'The project', sources: ['examples/README.md', 'bench/README.md'] },
];

export interface Page {
  /** Its path in the repository. */
  readonly source: string;
  /** Its path in the site, without an ending: `recipes/support`. */
  readonly route: string;
  readonly title: string;
  /** The page as it is written. */
  readonly text: string;
}

/** Where a page stands in the site. */
export function routeOf(source: string): string {
  const folder = dirname(source);
  if (folder === 'docs') return basename(source, '.md');
  if (folder.startsWith('packages/recipe-')) return folder.replace('packages/recipe-', 'recipes/');
  return folder.startsWith('packages/') ? folder : `project/${folder}`;
}

const HEADING = /^# (.+)$/m;

export function readPage(source: string): Page {
  const text = readFileSync(join(root, source), 'utf8');
  const title = HEADING.exec(text)?.[1];
  if (title === undefined) throw new Error(`${source} has no heading`);
  return { source, route: routeOf(source), title, text };
}

export const allSources = (): string[] => sections.flatMap(({ sources }) => sources);

/** The page of a file or folder of the repository, if the site has it. */
export function sourceAt(path: string): string | undefined {
  const asked = path.replace(/\/$/, '');
  return allSources().find((source) => source === asked || source === `${asked}/README.md`);
}

/** What the sidebar calls a page: packages and recipes by their names, others by what its section has not said already. */
export function labelOf({ route, title }: Pick<Page, 'route' | 'title'>, section: string): string {
  const [group, name = ''] = route.split('/');
  if (group === 'recipes') return name.charAt(0).toUpperCase() + name.slice(1);
  return group === 'packages' ? name : title.replace(new RegExp(`^${section.replaceAll('?', '[?]')} `), '');
}

/** The pages of docs/ that no sidebar would show. */
export const unlisted = (): string[] =>
  globSync(['docs/*.md', 'packages/recipe-*/README.md', 'packages/*/README.md'], { cwd: root }).filter(
    (source) => source !== 'docs/index.md' && !/packages\/engine-/.test(source) && !allSources().includes(source),
  );
