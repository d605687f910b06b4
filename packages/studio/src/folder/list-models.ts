import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Folder, foldersBelow } from './find-entries.ts';
import { type Roots, shownPath } from './inside.ts';

/** A model to begin with. */
export interface ModelEntry {
  /** As it is given to a command: absolute. */
  readonly path: string;
  readonly name: string;
  /** `llama`, or `GGUF` for a file. */
  readonly kind: string;
}

const isModel = ({ files }: Folder) =>
  files.includes('config.json') && files.some((name) => /[.]safetensors(\.index\.json)?$/.test(name));
const isRun = ({ files }: Folder) => files.includes('run.json') || files.includes('sweep.json');

/** Models in folders of Hugging Face's kind and in GGUF files; those that runs have made are listed with their runs. */
export async function listModels(roots: Roots): Promise<ModelEntry[]> {
  const folders = await Promise.all(roots.map((root) => foldersBelow(root, (one) => isModel(one) || isRun(one))));
  const found = folders.flat().filter((one) => !isRun(one));
  const models = await Promise.all(
    found.map(async (folder): Promise<ModelEntry[]> => {
      const files = folder.files.filter((name) => /[.]gguf$/i.test(name) && !/-0000[2-9]-of-/.test(name));
      return [
        ...(isModel(folder)
          ? [{ path: folder.path, name: shownPath(folder.path, roots), kind: await familyOf(folder.path) }]
          : []),
        ...files.map((name) => {
          const path = join(folder.path, name);
          return { path, name: shownPath(path, roots), kind: 'GGUF' };
        }),
      ];
    }),
  );
  const byPath = new Map(models.flat().map((model) => [model.path, model]));
  return [...byPath.values()].sort((a, b) => a.name.localeCompare(b.name));
}

async function familyOf(folder: string): Promise<string> {
  try {
    const { model_type: type } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    return typeof type === 'string' ? type : 'model';
  } catch {
    return 'model';
  }
}
