import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Registry } from './verdaccio.ts';

/** Somebody who has Node, and nothing of ours: an empty project, an empty home, so empty caches, and a registry. */
export interface Newcomer {
  readonly project: string;
  /** What a program prints. @throws {Error} with all of it where it fails */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** What a program prints that has to fail. @throws {Error} where it does not */
  fails(program: string, ...args: readonly string[]): Promise<string>;
  write(name: string, text: string): void;
}

export interface Means {
  readonly registry: Registry;
  /** Where newcomers live, each in a folder of its name. */
  readonly scratch: string;
  /** In place of the PATH of this process; the folder of a Node that goes before it. */
  readonly path?: string;
  readonly node?: string;
}

export function newcomer(name: string, { registry, scratch, node, path = process.env.PATH ?? '' }: Means): Newcomer {
  const home = join(scratch, name, 'home');
  const project = join(scratch, name, 'project');
  for (const folder of [home, project]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, '.npmrc'), npmrc(registry));
  const env = {
    PATH: [node ?? dirname(process.execPath), path].join(delimiter),
    ...{ HOME: home, USERPROFILE: home, LANG: 'C.UTF-8' },
    // npm's own settings, where a machine has some for all of its users, are not a newcomer's.
    npm_config_globalconfig: join(home, 'none'),
    ...{ YARN_NPM_REGISTRY_SERVER: registry.url.slice(0, -1), YARN_UNSAFE_HTTP_WHITELIST: 'localhost' },
  };
  const start = (program: string, args: readonly string[]) =>
    promisify(execFile)(program, args, { cwd: project, env, maxBuffer: 2 ** 26 }).then(
      ({ stdout, stderr }) => ({ failed: false, output: `${stdout}${stderr}` }),
      ({ message, stdout, stderr }) => ({ failed: true, output: `${stdout ?? ''}${stderr || message}` }),
    );
  const told = async (shouldFail: boolean, program: string, args: readonly string[]) => {
    const { failed, output } = await start(program, args);
    if (failed === shouldFail) return output;
    const what = `${[program, ...args].join(' ')} in ${name}`;
    throw new Error(`${what} ${failed ? 'fails' : 'should fail'}:\n${output}`);
  };
  return {
    project,
    run: (program, ...args) => told(false, program, args),
    fails: (program, ...args) => told(true, program, args),
    write: (file, text) => writeFileSync(join(project, file), text),
  };
}

/** For npm, pnpm and yarn 1; yarn 4 has variables of its own. */
export const npmrc = ({ url, token }: Registry): string =>
  [`registry=${url}`, `${url.replace('http:', '')}:_authToken=${token}`, 'audit=false', 'fund=false', ''].join('\n');
