import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PARTIAL } from '../../files/durable.ts';
import { exists } from '../../files/process-identity.ts';
import { compileBinding } from './compile-binding.ts';
import {
  engineFolder,
  findInstallPlan,
  type InstallPlan,
  type NativeEngineName,
  tfjsNodeVersion,
} from './install-plan.ts';
import { manifestName, probeNativePackage, readInstalled } from './native-package.ts';
import { installationFailed, runTool, type ToolOptions, toolWorks } from './run-tool.ts';
import { unpackWheel } from './wheel.ts';

export interface InstallOptions {
  /** TensorFlow with CUDA and NVIDIA's libraries, for a machine with an NVIDIA GPU and its driver. */
  readonly gpu?: boolean;
  /** Called with one line for people before each step. */
  readonly onProgress?: (line: string) => void;
  /** Ends the program that is at work, and leaves no engine. */
  readonly signal?: AbortSignal | undefined;
}

export interface InstallationPlan {
  readonly engine: NativeEngineName;
  readonly folder: string;
  /** There already: installing would do nothing. */
  readonly installed: boolean;
  /** What is fetched, with which program, and its size in megabytes of 10^6 bytes. */
  readonly downloads: readonly { readonly what: string; readonly by: 'npm' | 'pip'; readonly megabytes: number }[];
  readonly downloadMegabytes: number;
  /** What must be on the machine. */
  readonly tools: readonly string[];
}

const headersVersion = '1.9.0';
/** tfjs-node with its dependencies, tfjs-core and the Node-API headers, as npm fetched them. */
const packagesMegabytes = 15;

/**
 * What `installEngine` would do, to be told before it does it.
 *
 * @throws {UserError} `engine-unavailable` on a platform without a plan.
 * @example
 * ```ts
 * import { describeInstallation } from '@counterweight/core';
 *
 * const { folder, downloads } = describeInstallation();
 * console.log(folder, downloads.reduce((sum, { megabytes }) => sum + megabytes, 0));
 * ```
 */
export function describeInstallation(options: Pick<InstallOptions, 'gpu'> = {}): InstallationPlan {
  const plan = requireRecipe(options.gpu ?? false);
  const folder = engineFolder(plan.engine);
  const downloads = [
    { what: `@tensorflow/tfjs-node@${tfjsNodeVersion}`, by: 'npm' as const, megabytes: packagesMegabytes },
    ...plan.wheels.map(({ requirement, megabytes }) => ({ what: requirement, by: 'pip' as const, megabytes })),
  ];
  return {
    engine: plan.engine,
    folder,
    installed: readInstalled(plan.engine, folder) !== undefined,
    downloads,
    downloadMegabytes: downloads.reduce((sum, { megabytes }) => sum + megabytes, 0),
    tools: ['npm', 'python3 with pip', 'a C++ compiler'],
  };
}

/**
 * Puts tfjs-node on a current TensorFlow into a folder of Counterweight's own. Everything is built in a folder aside
 * and tried in a process of its own before it gets its name: an engine folder is whole or absent. A second call finds
 * it and returns at once.
 *
 * @returns the engine folder; `openEngine` finds it by itself.
 * @throws {UserError} `engine-unavailable`: a tool is missing, the network is, or this platform has no plan.
 * @example
 * ```ts
 * import { installEngine, openEngine } from '@counterweight/core';
 *
 * await installEngine({ onProgress: console.log });
 * const engine = await openEngine('tfjs-node');
 * ```
 */
export async function installEngine(options: InstallOptions = {}): Promise<{ folder: string }> {
  const { onProgress = () => {} } = options;
  const plan = requireRecipe(options.gpu ?? false);
  const folder = engineFolder(plan.engine);
  if (readInstalled(plan.engine, folder)) {
    onProgress(`already installed in ${folder}`);
    return { folder };
  }
  const { signal } = options;
  signal?.throwIfAborted();
  const tools = await findTools();
  await removeAbandoned(folder);
  const aside = `${folder}${PARTIAL}-${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    await build(plan, tools, { folder: aside, onProgress, signal });
    signal?.throwIfAborted();
    // A folder that lost files (someone cleaned the cache by hand) stands in the way of a whole one.
    if (!readInstalled(plan.engine, folder)) await rm(folder, { recursive: true, force: true });
    await rename(aside, folder).catch((error) => {
      // Somebody else's installation was quicker: theirs is as good as ours.
      if (!readInstalled(plan.engine, folder)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  onProgress(`installed in ${folder}`);
  return { folder };
}

/** What installations left that were ended on the way: more than a gigabyte each. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(dirname(folder)).catch(() => []);
  const start = `${basename(folder)}${PARTIAL}-`;
  const ended = names.filter((name) => name.startsWith(start) && !exists(Number(name.slice(start.length))));
  await Promise.all(ended.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

interface Building extends Pick<ToolOptions, 'folder' | 'signal'> {
  readonly onProgress: (line: string) => void;
}

async function build(plan: InstallPlan, tools: Tools, { folder, onProgress, signal }: Building): Promise<void> {
  onProgress(`fetching tfjs-node ${tfjsNodeVersion} with npm (${packagesMegabytes} MB)`);
  await fetchPackages({ folder, signal });
  for (const wheel of plan.wheels) {
    onProgress(`fetching ${wheel.requirement} with pip (${wheel.megabytes} MB)`);
    await unpackWheel(tools.python, plan, wheel, { site: join(folder, 'site'), signal });
  }
  onProgress(`compiling the binding with ${tools.compiler}`);
  const manifest = await compileBinding(tools.compiler, plan, { folder, signal });
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  onProgress('trying it');
  const built = readInstalled(plan.engine, folder);
  if (!built) throw new Error(`no ${manifestName} in ${folder}`);
  await probeNativePackage(built, { signal }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw installationFailed(`it was built, but does not run:\n${cause instanceof Error ? cause.message : cause}`);
  });
}

/**
 * tfjs-node asks for the whole of tfjs (layers, converters, WebGL: 200 MB) and uses only what tfjs-core has; so a
 * package of one line stands in for it.
 */
async function fetchPackages({ folder, signal }: Pick<ToolOptions, 'folder' | 'signal'>): Promise<void> {
  const description = {
    name: 'counterweight-engine',
    private: true,
    dependencies: {
      '@tensorflow/tfjs': 'file:./tfjs',
      '@tensorflow/tfjs-core': tfjsNodeVersion,
      '@tensorflow/tfjs-node': tfjsNodeVersion,
      'node-api-headers': headersVersion,
    },
    overrides: { '@tensorflow/tfjs': '$@tensorflow/tfjs' },
  };
  const standIn = { name: '@tensorflow/tfjs', version: tfjsNodeVersion, main: 'index.js' };
  await mkdir(join(folder, 'tfjs'));
  await writeFile(join(folder, 'package.json'), JSON.stringify(description, null, 2));
  await writeFile(join(folder, 'tfjs', 'package.json'), JSON.stringify(standIn, null, 2));
  await writeFile(join(folder, 'tfjs', 'index.js'), "module.exports = require('@tensorflow/tfjs-core');\n");
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  // Without a network npm would hold on for more than a minute, and everything works without this engine too.
  const impatient = ['--fetch-retry-mintimeout=1000', '--fetch-retry-factor=2'];
  const flags = ['--ignore-scripts', '--omit=dev', '--prefix', folder, ...quiet, ...impatient];
  await runTool('npm', ['install', ...flags], { folder, signal });
  await removeSourceMaps(join(folder, 'node_modules'));
}

async function removeSourceMaps(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.filter((name) => name.endsWith('.map')).map((name) => rm(join(folder, name))));
}

function requireRecipe(gpu: boolean): InstallPlan {
  const engine: NativeEngineName = gpu ? 'tfjs-node-gpu' : 'tfjs-node';
  const plan = findInstallPlan(engine);
  if (plan) return plan;
  const where = `${process.platform} on ${process.arch}`;
  throw installationFailed(`there is no plan for ${engine} on ${where}`, 'use a machine with Linux or Apple silicon');
}

interface Tools {
  readonly python: string;
  readonly compiler: string;
}

/** Asks for everything that will be needed before anything is downloaded. */
async function findTools(): Promise<Tools> {
  const [npm, python, pip, compiler] = await Promise.all([
    toolWorks('npm', ['--version']),
    toolWorks('python3', ['--version']),
    toolWorks('python3', ['-m', 'pip', '--version']),
    toolWorks(compilerName(), ['--version']),
  ]);
  const missing = [
    ...(npm ? [] : ['npm']),
    ...(python ? [] : ['python3']),
    ...(python && !pip ? ['pip for python3 (`python3 -m pip`)'] : []),
    ...(compiler ? [] : [`a C++ compiler (${compilerName()})`]),
  ];
  if (missing.length > 0) {
    throw installationFailed(
      `not found on this machine: ${missing.join(', ')}`,
      'install what is missing and try again',
    );
  }
  return { python: 'python3', compiler: compilerName() };
}

function compilerName(): string {
  return process.env.CXX || 'c++';
}
