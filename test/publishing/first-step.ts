/**
 * From an empty folder and an empty npm cache to a first trained step, as a stranger's machine has it: our packages from a
 * registry here, theirs from npm's own, and neither Python nor a compiler on the PATH. Prints what was downloaded and what
 * lies on the disk. `pnpm check:install` builds first.
 */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { platformName } from '../../packages/core/src/engine/native/find-package.ts';
import { packOne, publicPackages } from './pack.ts';
import { type Registry, serveRegistry } from './registry.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CORE = '@counterweight/core';
const REST = ['@counterweight/recipe-support', '@counterweight/cli'];
/**
 * What the engine's download is to stay below, and core on the disk with its engine and all that it needs, in MB: 62.5 on
 * 2026-11-29, 37 of them tfjs-core.
 */
const MOST = { download: 3, core: 65 };

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** A PATH with Node, npm and the shell that npm starts programs with, and nothing else: no Python, no compiler, no make. */
function barePath(scratch: string): string {
  const folder = join(scratch, 'bin');
  mkdirSync(folder);
  const programs = { node: process.execPath, npm: whereIs('npm'), sh: whereIs('sh') };
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(folder, name));
  return folder;
}

function whereIs(program: string): string {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  const found = places.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) throw new Error(`There is no ${program} on the PATH`);
  return found;
}

/** A stranger's project, in which a program of npm's or of ours is run. */
function openProject(scratch: string, { url }: Registry) {
  const folder = join(scratch, 'project');
  mkdirSync(folder);
  writeFileSync(join(folder, '.npmrc'), `@counterweight:registry=${url}\n`);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(
    join(folder, 'rows.csv'),
    'message,problem\nWhere is my card?,card arrival\nIt was refused.,card declined\n',
  );
  cpSync(join(root, 'models/stories260k'), join(folder, 'model'), { recursive: true });
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('COUNTERWEIGHT_'));
  const env = {
    ...Object.fromEntries(others),
    ...{ PATH: barePath(scratch), npm_config_cache: join(scratch, 'cache'), COUNTERWEIGHT_HOME: join(scratch, 'home') },
    ...{ npm_config_update_notifier: 'false', npm_config_fund: 'false', npm_config_audit: 'false' },
  };
  const run = (program: string, ...args: string[]) =>
    promisify(execFile)(join(folder, program), args, { cwd: folder, env });
  return { folder, run };
}

async function main(scratch: string, registry: Registry): Promise<string[]> {
  const { folder, run } = openProject(scratch, registry);
  const began = performance.now();
  await run('../bin/npm', 'install', CORE);
  const modules = join(folder, 'node_modules');
  const core = sizeOf(modules);
  await run('../bin/npm', 'install', ...REST);
  const installed = performance.now();
  const train = ['train', '--recipe', 'support', '--model', 'model', '--data', 'rows.csv', '--output', 'run'];
  await run('node_modules/.bin/counterweight', ...train, '--max-steps', '1', '--batch-size', '2');
  const trained = performance.now();

  const { engine } = JSON.parse(readFileSync(join(folder, 'run/run.json'), 'utf8'));
  const [step] = readFileSync(join(folder, 'run/metrics.jsonl'), 'utf8').split('\n');
  const { loss } = JSON.parse(step ?? '{}');
  const name = `@counterweight/engine-${platformName()}`;
  const download = registry.downloads.get(name) ?? Number.NaN;
  const engines = [...registry.downloads.keys()].filter((name) => name.includes('/engine-'));
  console.log(
    `installed in ${seconds(installed - began)}: core ${megabytes(core)}, all ${megabytes(sizeOf(modules))} on the disk`,
  );
  for (const [name, bytes] of largest(modules)) console.log(`  ${megabytes(bytes)}  ${name}`);
  console.log(
    `downloaded of ours: ${[...registry.downloads].map(([name, bytes]) => `${name} ${megabytes(bytes)}`).join(', ')}`,
  );
  console.log(
    `first step after ${seconds(trained - installed)}, loss ${loss}, on ${engine.name}: ${engine.description}`,
  );
  return [
    ...(engine.name === 'native' ? [] : [`the engine was ${engine.name}`]),
    ...(Number.isFinite(loss) ? [] : [`the loss was ${loss}`]),
    ...(engines.sort().join() === [name, '@counterweight/engine-wasm'].sort().join()
      ? []
      : [`${engines} were downloaded`]),
    ...(download <= MOST.download * 1e6 ? [] : [`${name} is ${megabytes(download)}, above ${MOST.download} MB`]),
    ...(core <= MOST.core * 1e6 ? [] : [`core takes ${megabytes(core)}, above ${MOST.core} MB`]),
  ];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(0)} s`;

/** The packages that take up the most. */
function largest(modules: string): [string, number][] {
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((own) => `${name}/${own}`) : [name],
  );
  const sized = names.map((name): [string, number] => [name, folderSize(join(modules, name))]);
  return sized.sort(([, a], [, b]) => b - a).slice(0, 8);
}

const folderSize = (path: string): number => (statSync(path).isDirectory() ? sizeOf(path) : 0);

const scratch = mkdtempSync(join(tmpdir(), 'counterweight-install-'));
const registry = await serveRegistry(publicPackages(root).map((source) => packOne(source, scratch)));
try {
  const faults = await main(scratch, registry);
  for (const fault of faults) console.log(`✗ ${fault}`);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  registry.close();
  rmSync(scratch, { recursive: true, force: true });
}
