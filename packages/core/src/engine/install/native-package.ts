import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineFolder, type NativeEngineName } from './install-plan.ts';
import type { ToolOptions } from './run-tool.ts';

/** A tfjs-node on disk whose parts are all there; whether it loads is only known by trying. */
export interface NativePackage {
  readonly engine: NativeEngineName;
  readonly version: string;
  /** Ours, put there by `installEngine`, or a dependency of the user's project. */
  readonly origin: 'installed' | 'project';
  readonly folder: string;
  readonly bindingPath: string;
  /** Loads a library without TensorFlow's start-up lines; only ours has it. */
  readonly preload?: { readonly addonPath: string; readonly libraryPath: string };
}

export interface Missing {
  readonly reason: string;
}

/** What `engine.json` in an engine folder of ours holds; paths are relative to the folder. */
export interface EngineManifest {
  readonly package: string;
  readonly binding: string;
  readonly preload: string;
  readonly library: string;
}

export const manifestName = 'engine.json';

/** Looks for a native engine: the user's own GPU package first, since it was asked for; else ours, else the user's. */
export function findNativePackage(engine: NativeEngineName, projectFolder = process.cwd()): NativePackage | Missing {
  const installed = readInstalled(engine, engineFolder(engine));
  const own = findInProject(engine, projectFolder);
  if (engine === 'tfjs-node-gpu' && !('reason' in own)) return own;
  return installed ?? own;
}

/** The engine in a folder that `installEngine` made, or undefined when there is none, or not all of it. */
export function readInstalled(engine: NativeEngineName, folder: string): NativePackage | undefined {
  const manifestPath = join(folder, manifestName);
  if (!existsSync(manifestPath)) return undefined;
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as EngineManifest;
  const packageFolder = join(folder, manifest.package);
  if (!existsSync(join(packageFolder, 'package.json')) || !existsSync(join(folder, manifest.binding))) return undefined;
  return {
    engine,
    version: packageVersion(packageFolder),
    origin: 'installed',
    folder: packageFolder,
    bindingPath: join(folder, manifest.binding),
    preload: { addonPath: join(folder, manifest.preload), libraryPath: join(folder, manifest.library) },
  };
}

function findInProject(engine: NativeEngineName, projectFolder: string): NativePackage | Missing {
  const name = `@tensorflow/${engine}`;
  let folder: string;
  try {
    const resolve = createRequire(join(projectFolder, 'package.json')).resolve;
    folder = join(resolve(`${name}/package.json`), '..');
  } catch {
    return { reason: `neither installed by \`counterweight engine install\` nor as ${name} in ${projectFolder}` };
  }
  const bindingPath = findBinding(join(folder, 'lib'));
  if (!bindingPath) return { reason: `${name} is in ${projectFolder}, but its native binding was never built` };
  return { engine, version: packageVersion(folder), origin: 'project', folder, bindingPath };
}

/** tfjs-node lays its binding into lib/napi-v8, or a lower number with an older Node. */
function findBinding(libraryFolder: string): string | undefined {
  if (!existsSync(libraryFolder)) return undefined;
  const candidates = readdirSync(libraryFolder)
    .filter((name) => /^napi-v\d+$/.test(name))
    .sort((a, b) => Number(b.slice(6)) - Number(a.slice(6)))
    .map((name) => join(libraryFolder, name, 'tfjs_binding.node'));
  return candidates.find((path) => existsSync(path));
}

function packageVersion(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

export interface Probe {
  /** Of the TensorFlow library: `2.21.0`. */
  readonly tensorflowVersion: string;
  readonly usesGpu: boolean;
}

/**
 * Loads a native package in a process of its own and multiplies two matrices: a library that does not fit this machine
 * may end its process without an exception.
 *
 * @throws {Error} with what the process had to say.
 */
export async function probeNativePackage(
  candidate: NativePackage,
  { signal }: Pick<ToolOptions, 'signal'> = {},
): Promise<Probe> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', probeProgram, JSON.stringify(candidate)], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_OPTIONS: '' },
    timeout: 120_000,
    signal,
  }).catch((failure: { signal?: string; stderr?: string }) => {
    signal?.throwIfAborted();
    const message = failure.stderr?.split('\n').find((line) => /^\w*Error: /.test(line));
    throw new Error(message ?? `its process ended (${failure.signal ?? 'no message'})`, { cause: failure });
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Probe;
}

/** Stands on its own (a string, not a module), so that it runs the same from source, from dist and from a bundle. */
const probeProgram = `
const { folder, engine, bindingPath, preload } = JSON.parse(process.argv[1]);
const util = require('node:util');
util.isArray = Array.isArray;
util.isNullOrUndefined = (value) => value === null || value === undefined;
const load = require('node:module').createRequire(folder + '/package.json');
const problem = preload && load(preload.addonPath).preload(preload.libraryPath);
if (problem) throw new Error(problem);
const binding = load(bindingPath);
const tf = load('@tensorflow/tfjs');
load('./dist/register_all_kernels.js');
const { NodeJSKernelBackend } = load('./dist/nodejs_kernel_backend.js');
const backend = new NodeJSKernelBackend(binding, '@tensorflow/' + engine);
tf.registerBackend('tensorflow', () => backend);
tf.setBackend('tensorflow');
const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0];
if (product !== 11) throw new Error('1·3 + 2·4 came out as ' + product);
console.log(JSON.stringify({ tensorflowVersion: binding.TF_Version, usesGpu: backend.isUsingGpuDevice }));
`;
