import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isHubId } from '@counterweight/core';
import { pathInside, type Roots } from './inside.ts';

/**
 * A model as a command is given it: the path of one that lies in the studio's folders, or a hub id.
 * @throws {UserError} `file-not-found` for what is neither
 */
export const checkedModel = (model: string, roots: Roots): string =>
  !existsSync(resolve(roots[0], model)) && isHubId(model) && !model.includes('..') ? model : pathInside(model, roots);
