import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is read of the package.json that a recipe's module belongs to. */
export interface RecipePackage {
  readonly name: string;
  readonly version: string;
  /** The range of `@counterweight/core` that it asks for as a peer, where it does. */
  readonly core: string | undefined;
}

/** The nearest package.json at or above a folder that has a name and a version. */
export function packageOfModule(folder: string): RecipePackage | undefined {
  const { name, version, peerDependencies } = manifestIn(folder);
  if (typeof name === 'string' && typeof version === 'string') {
    const core = (peerDependencies as Readonly<Record<string, unknown>> | undefined)?.['@counterweight/core'];
    return { name, version, core: typeof core === 'string' ? core : undefined };
  }
  const above = dirname(folder);
  return above === folder ? undefined : packageOfModule(above);
}

function manifestIn(folder: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
