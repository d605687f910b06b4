import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type Json = Readonly<Record<string, unknown>>;
/** Who made it and where it lies: package.json of the repository is the one home of both. */
const { repository, author } = readJson(join(root, 'package.json')) as {
  readonly repository: { readonly url: string };
  readonly author: string;
};
/** As a browser has it, without `.git`. */
export const address = repository.url.replace(/^git\+|\.git$/g, '');
const BRANCH = 'main';

export function readJson(path: string): Json {
  return JSON.parse(readFileSync(path, 'utf8')) as Json;
}

/** The folders of what is published, relative to the repository: `packages/core`, `models/stories260k`. */
export const publicPackages = (): string[] =>
  ['packages', 'models'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => posix.join(parent, name))
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .filter((folder) => readJson(join(root, folder, 'package.json')).private !== true),
  );

/** A package's manifest with what is derived: whose it is, and where it, its pages and its mistakes are. */
export function withMetadata(manifest: Json, folder: string): Json {
  const derived = {
    author,
    homepage: `${address}/tree/${BRANCH}/${folder}#readme`,
    repository: { ...repository, directory: folder },
    bugs: `${address}/issues`,
  };
  const kept = Object.entries(manifest).filter(([key]) => !(key in derived));
  const place = kept.findIndex(([key]) => key === 'license');
  return Object.fromEntries([...kept.slice(0, place), ...Object.entries(derived), ...kept.slice(place)]);
}

/**
 * A README with links that hold on a registry's page too: npm's does not know in which folder of the repository a package
 * lies, so a link relative to it leads nowhere there.
 */
export function withAbsoluteLinks(text: string, folder: string): string {
  return text.replaceAll(/\]\((\.{1,2}\/[^)\s#]*)(#[^)\s]*)?\)/g, (_link, path: string, hash = '') => {
    const target = posix.join(folder, path).replace(/\/$/, '');
    const isFolder = posix.extname(target) === '';
    return `](${address}/${isFolder ? 'tree' : 'blob'}/${BRANCH}/${target}${hash})`;
  });
}

/** The paths in the repository that a README links to. */
export const linkedPaths = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
    .map(([, url = '']) => url)
    .filter((url) => url.startsWith(`${address}/`))
    .map((url) => url.slice(address.length + 1).replace(new RegExp(`^(tree|blob)/${BRANCH}/`), ''));

/** The files of a package that metadata is in, as they should be. */
export function described(folder: string): Readonly<Record<string, string>> {
  const read = (name: string) => readFileSync(join(root, folder, name), 'utf8');
  return {
    'package.json': `${JSON.stringify(withMetadata(readJson(join(root, folder, 'package.json')), folder), null, 2)}\n`,
    'README.md': withAbsoluteLinks(read('README.md'), folder),
  };
}
