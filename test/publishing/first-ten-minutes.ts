/**
 * A newcomer's first ten minutes, measured: from an empty folder and empty caches, with no Python and no compiler on the
 * PATH, to what is installed, a first trained step and a first answer. `pnpm first-ten-minutes` (after `pnpm build`) writes
 * first-ten-minutes.json, which the README's figures are made from.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Means, newcomer } from './newcomer.ts';
import { copyWorkspace } from './publish.ts';
import { installed } from './readme.ts';
import { startRegistry } from './verdaccio.ts';

const MODEL = '@counterweight/stories260k';
const ROWS = 'node_modules/@counterweight/recipe-support/fixtures/banking77-train.csv';
/** Of core on the disk with its engine and all that it needs. */
const MOST_CORE_MEGABYTES = 60;

/** first-ten-minutes.json, which the README's table is made of. */
export interface Measured {
  readonly day: string;
  readonly machine: string;
  readonly node: string;
  /** Programs that wanted to compute at the same time, over the last five minutes. */
  readonly load: number;
  readonly installSeconds: number;
  readonly downloadedMegabytes: number;
  readonly coreMegabytes: number;
  readonly diskMegabytes: number;
  readonly firstStepSeconds: number;
  readonly firstAnswerSeconds: number;
}

/** The same without its figures: that all of it works, and core is not larger than it may be. */
export async function unmeasured(means: Means): Promise<void> {
  const { coreMegabytes } = await measure(means);
  if (coreMegabytes > MOST_CORE_MEGABYTES) throw new Error(`core takes ${coreMegabytes} MB`);
}

async function measure(means: Means): Promise<Measured> {
  const bin = join(means.scratch, 'bare');
  const user = newcomer('first-ten-minutes', { ...means, ...barePath(bin) });
  const modules = join(user.project, 'node_modules');
  user.write('package.json', '{ "private": true }');
  const seconds = async (program: string, ...args: readonly string[]) => {
    const began = performance.now();
    await user.run(program, ...args);
    return rounded((performance.now() - began) / 1000);
  };
  await user.run('npm', 'install', '@counterweight/core');
  const coreMegabytes = megabytes(modules);
  for (const path of [modules, join(user.project, '../home/.npm'), join(user.project, 'package-lock.json')]) {
    rmSync(path, { recursive: true });
  }
  user.write('package.json', '{ "private": true }');
  const installSeconds = await seconds('npm', 'install', ...installed);
  const downloadedMegabytes = megabytes(join(user.project, '../home/.npm/_cacache/content-v2'));
  const diskMegabytes = megabytes(modules);
  const train = ['train', '--recipe', 'support', '--model', MODEL, '--data', ROWS, '--output', 'run'];
  const firstStepSeconds = await seconds('npx', 'counterweight', ...train, '--method', 'full', '--max-steps', '1');
  const answer = [
    'generate',
    '--recipe',
    'support',
    '--model',
    'run/model',
    '--row',
    '{"message": "Where is my card?"}',
  ];
  const firstAnswerSeconds = await seconds('npx', 'counterweight', ...answer);
  const { engine } = JSON.parse(readFileSync(join(user.project, 'run/run.json'), 'utf8'));
  if (engine.name !== 'native') throw new Error(`the engine was ${engine.name}`);
  return {
    day: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}`,
    node: process.versions.node,
    load: rounded(loadavg()[1] ?? 0),
    ...{ installSeconds, downloadedMegabytes, coreMegabytes, diskMegabytes, firstStepSeconds, firstAnswerSeconds },
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

function megabytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return rounded(files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 1e6);
}

/** A PATH with Node, npm and the shell that npm starts programs with, and nothing else: no Python, no compiler, no make. */
function barePath(folder: string): { readonly path: string; readonly node: string } {
  mkdirSync(folder, { recursive: true });
  const programs = {
    node: process.execPath,
    ...Object.fromEntries(['npm', 'npx', 'sh'].map((name) => [name, whereIs(name)])),
  };
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(folder, name));
  return { path: folder, node: folder };
}

function whereIs(program: string): string {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  const found = places.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) throw new Error(`There is no ${program} on the PATH`);
  return found;
}

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'counterweight-ten-minutes-'));
  const registry = await startRegistry(scratch);
  try {
    copyWorkspace(join(scratch, 'workspace'), registry).release();
    // What others have published comes from the registry's own disk the second time, as from a network that is near.
    await measure({ registry, scratch: join(scratch, 'before') });
    const measured = await measure({ registry, scratch: join(scratch, 'now') });
    const path = join(dirname(fileURLToPath(import.meta.url)), 'first-ten-minutes.json');
    writeFileSync(path, `${JSON.stringify(measured, null, 2)}\n`);
    console.log(measured);
  } finally {
    registry.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
