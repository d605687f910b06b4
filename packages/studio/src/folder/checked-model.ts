import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathInside, type Roots } from './inside.ts';

/** `org/name`, with a revision, or with a GGUF file in it. */
const HUB_ID = /^[\w-][\w.-]*\/[\w.-]+(\/[\w./-]+[.]gguf)?(@[\w./-]+)?$/i;

/**
 * A model as a command is given it: the path of one that lies in the studio's folders, or a hub id.
 * @throws {UserError} `file-not-found` for what is neither
 */
export const checkedModel = (model: string, roots: Roots): string =>
  !existsSync(resolve(roots[0], model)) && HUB_ID.test(model) && !model.includes('..')
    ? model
    : pathInside(model, roots);
