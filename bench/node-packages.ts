import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** npm packages that something is tried or timed beside. */
export interface NodePackages {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** llama.cpp, compiled for every kind of x64. */
export const LLAMA_CPP: NodePackages = {
  dependencies: { 'node-llama-cpp': '3.22.1', '@node-llama-cpp/linux-x64': '3.22.1' },
};

/**
 * The folder with the packages in it, outside the workspace, installed on first use and again when they change. No install
 * script runs: binaries come inside of packages.
 * @throws {Error} where the registry cannot be reached
 */
export function ensureNodePackages(folder: string, packages: NodePackages): string {
  const manifest = JSON.stringify({ private: true, ...packages });
  const stamp = join(folder, 'installed.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), manifest);
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', install, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm could not install ${Object.keys(packages.dependencies).join(', ')}.`);
  writeFileSync(stamp, manifest);
  return folder;
}
