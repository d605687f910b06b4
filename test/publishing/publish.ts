import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicPackages, readJson, root } from '../../scripts/metadata/metadata.ts';
import { npmrc } from './newcomer.ts';
import type { Registry } from './verdaccio.ts';

/** A throw-away copy of the repository that is released from. */
export interface Workspace {
  readonly folder: string;
  /** Takes what `.changeset` holds into versions and changelogs, builds what that changes, and publishes. Gives the version. */
  release(): string;
  /** A change that a user notices, with its changeset. */
  change(packageFolder: string, file: string, text: string): void;
}

/**
 * Copies what git knows of and what is new, as it lies here, with what is built. Engines of other machines are published
 * as they are: where they are not built their package is empty, and nobody on this machine may want it.
 */
export function copyWorkspace(folder: string, registry: Registry): Workspace {
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const built = publicPackages().flatMap((name) => builtFiles(name));
  for (const path of [...listed.split('\0'), ...built]) {
    if (path !== '' && existsSync(join(root, path))) cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  commit('The repository as it is', true);
  run('pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--silent');
  writeFileSync(join(folder, '.npmrc'), npmrc(registry));

  function commit(message: string, isFirst = false): void {
    if (isFirst) run('git', 'init', '--quiet', '--initial-branch', 'main');
    run('git', 'add', '--all');
    run('git', '-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '-m', message);
  }

  return {
    folder,
    release() {
      const before = versionIn(folder);
      if (hasChangesets(folder)) run('pnpm', 'changeset', 'version');
      const version = versionIn(folder);
      for (const name of publicPackages().filter((name) => mentions(join(folder, name, 'dist'), `"${before}"`))) {
        if (version !== before) run('pnpm', '--filter', `./${name}`, 'build');
      }
      if (version !== before) commit(`Version ${version}`);
      run('pnpm', 'changeset', 'publish');
      return version;
    },
    change(packageFolder, file, text) {
      appendFileSync(join(folder, packageFolder, file), text);
      const { name } = readJson(join(folder, packageFolder, 'package.json'));
      writeFileSync(join(folder, '.changeset/a-change.md'), `---\n'${name}': minor\n---\n\nA change.\n`);
      run('pnpm', '--filter', `./${packageFolder}`, 'build');
      commit('A change');
    },
  };
}

const builtFiles = (folder: string): string[] =>
  [join(folder, 'dist'), ...readdirSync(join(root, folder)).map((name) => join(folder, name))].filter(
    (path) => path.endsWith('dist') || path.endsWith('.node'),
  );

const versionIn = (folder: string) => String(readJson(join(folder, 'packages/core/package.json')).version);

/** Right after a version there are none, which `changeset version` takes for a mistake. */
const hasChangesets = (folder: string): boolean =>
  readdirSync(join(folder, '.changeset')).some((name) => name.endsWith('.md'));

/** Whether a built file has a version in it: that of its package is built in. */
const mentions = (dist: string, text: string): boolean =>
  existsSync(dist) &&
  readdirSync(dist)
    .filter((name) => name.endsWith('.js'))
    .some((name) => readFileSync(join(dist, name), 'utf8').includes(text));
