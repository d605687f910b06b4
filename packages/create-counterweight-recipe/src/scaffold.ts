import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillIn } from './fill-in.ts';
import { Mistake } from './mistake.ts';
import type { Answers } from './questions.ts';
import type { RecipeNames } from './recipe-names.ts';
import { sampleRows } from './sample-rows.ts';

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
export function scaffold(names: RecipeNames, answers: Answers, folder: string): string[] {
  assertFree(folder);
  const parts = [...filesOf('package'), ...(answers.labels.length > 0 ? filesOf('labels') : [])];
  const texts = new Map(parts.map(([path, text]) => [path, fillIn(text, names, answers)]));
  texts.set('samples/rows.jsonl', sampleRows(answers));
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return [...texts.keys()];
}

/** `package` is the whole of it; `labels` holds the files that are others where answers are labels. */
function filesOf(part: 'package' | 'labels'): [path: string, text: string][] {
  const root = join(template, part);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = relative(root, path).replaceAll('\\', '/');
      return [renamedFiles[name] ?? name, readFileSync(path, 'utf8')];
    });
}

/** @throws {Mistake} where something is in the folder's place already */
export function assertFree(folder: string): void {
  if (!existsSync(folder)) return;
  const isFolder = statSync(folder).isDirectory();
  if (isFolder && readdirSync(folder).length === 0) return;
  throw new Mistake(
    isFolder ? `The folder ${folder} is not empty.` : `${folder} is a file.`,
    'Choose another name, or move away what is there.',
  );
}
