import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmrc } from './newcomer.ts';
import { NoRegistry, type Registry } from './verdaccio.ts';

/** What newcomers have beside npm and the Node that runs this. */
export interface Tools {
  /** Programs. */
  readonly node22: string;
  readonly pnpm: string;
  /** Scripts for Node. */
  readonly yarn1: string;
  readonly yarn4: string;
}

const dependencies = { node: '22.23.3', pnpm: '12.21.0', yarn: '1.22.22', '@yarnpkg/cli-dist': '4.18.1' };

/** @throws {NoRegistry} where they cannot be had */
export function installTools(scratch: string, registry: Registry): Tools {
  const folder = join(scratch, 'tools');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(folder, '.npmrc'), npmrc(registry));
  try {
    execFileSync('npm', ['install', '--loglevel', 'error'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new NoRegistry(`The package managers cannot be installed: ${(error as Error).message}`, { cause: error });
  }
  const inside = (...names: string[]) => join(folder, 'node_modules', ...names);
  return {
    node22: inside('node/bin/node'),
    pnpm: inside('.bin/pnpm'),
    yarn1: inside('yarn/bin/yarn.js'),
    yarn4: inside('@yarnpkg/cli-dist/bin/yarn.js'),
  };
}
