import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { Mistake } from './mistake.ts';
import type { RecipeNames } from './recipe-names.ts';

/** A recipe package of its own, called `recipe-my-domain`. Beside `src` and `dist` alike. */
const template = fileURLToPath(new URL('../template/', import.meta.url));

/** npm does not publish a .gitignore, and makes a package of every folder with a package.json. */
const renamedFiles: Readonly<Record<string, string>> = {
  gitignore: '.gitignore',
  'package.template.json': 'package.json',
};

/**
 * Writes the recipe package into a new or empty folder.
 * @returns the files, relative to the folder
 * @throws {Mistake} when something is in the folder's place
 */
export function scaffold(names: RecipeNames, folder: string): string[] {
  assertFree(folder);
  const paths = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(template, join(entry.parentPath, entry.name)));
  return paths.map((path) => {
    const target = renamedFiles[path] ?? path;
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    writeFileSync(join(folder, target), rename(readFileSync(join(template, path), 'utf8'), names));
    return target;
  });
}

function assertFree(folder: string): void {
  if (!existsSync(folder)) return;
  const isFolder = statSync(folder).isDirectory();
  if (isFolder && readdirSync(folder).length === 0) return;
  throw new Mistake(
    isFolder ? `The folder ${folder} is not empty.` : `${folder} is a file.`,
    'Choose another name, or move away what is there.',
  );
}

function rename(text: string, names: RecipeNames): string {
  return text
    .replaceAll('recipe-my-domain', names.packageName)
    .replaceAll('my-domain', names.recipe)
    .replaceAll('myDomain', names.factory)
    .replaceAll('MyDomain', names.typePrefix)
    .replaceAll('"0.0.0-core"', `"^${packageJson.version}"`);
}
