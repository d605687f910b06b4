import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { harnessUrl } from '../harness.ts';
import type { Language } from '../language.ts';
import type { ExecutionLimits } from './limits.ts';
import { SandboxUnavailableError } from './sandbox-unavailable.ts';

const MEGABYTE = 2 ** 20;

/** What runs the programs of a language. */
export interface Runtime {
  /** The interpreter, by its absolute path. */
  readonly executable: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The program that runs a program and its tests: its file name and its text. */
  readonly harness: { readonly name: string; readonly text: string };
  /** Files and folders of the interpreter outside of the system's libraries. */
  readonly readable: readonly string[];
  /** Private writable memory a process may map (RLIMIT_DATA), in bytes. */
  readonly dataBytes: number;
}

export interface RuntimeChoice {
  /** The Python interpreter: a name on the PATH, or a path (of a virtual environment, say). */
  readonly python: string;
  readonly limits: ExecutionLimits;
}

/** @throws {SandboxUnavailableError} when there is no Python */
export async function runtimeFor(language: Language, choice: RuntimeChoice): Promise<Runtime> {
  return language === 'python' ? pythonRuntime(choice) : nodeRuntime(choice);
}

/** V8 reserves half a gigabyte for code that it may never write, so the limit on mapped memory lies that much higher. */
const V8_RESERVES_BYTES = 768 * MEGABYTE;

function nodeRuntime({ limits: { memoryMegabytes } }: RuntimeChoice): Runtime {
  return {
    executable: realpathSync(process.execPath),
    arguments: [`--max-old-space-size=${memoryMegabytes}`, '--no-warnings'],
    environment: {},
    harness: harness('javascript.cjs', JAVASCRIPT_PARTS),
    readable: [realpathSync(process.execPath)],
    dataBytes: memoryMegabytes * MEGABYTE + V8_RESERVES_BYTES,
  };
}

const JAVASCRIPT_PARTS = ['begin', 'counted-tests', 'language', 'run'].map((part) => `javascript/${part}.cjs`);
const PYTHON_PARTS = ['checks', 'comparisons', 'tests', 'language', 'run'].map((part) => `python/${part}.py`);
const DESCRIBE = 'import json, sys; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix]))';
const description = z.tuple([z.string().min(1), z.string(), z.string()]);

async function pythonRuntime({ python, limits: { memoryMegabytes } }: RuntimeChoice): Promise<Runtime> {
  const { stdout } = await promisify(execFile)(python, ['-I', '-c', DESCRIBE]).catch((cause: Error) => {
    throw new SandboxUnavailableError(
      `Programs in Python need Python, and "${python}" does not start: ${cause.message.split('\n').at(0)}.`,
      'Install Python 3, or name its interpreter with the option "python".',
    );
  });
  const [executable, prefix, basePrefix] = description.parse(JSON.parse(stdout));
  const real = realpathSync(executable);
  return {
    // A virtual environment is known by the path that its interpreter is started by.
    executable: prefix === basePrefix ? real : executable,
    arguments: ['-s', '-B'],
    // Sets of words have the same order in every run.
    environment: { PYTHONHASHSEED: '0' },
    harness: harness('python.py', PYTHON_PARTS),
    readable: [...new Set([...filesOf(prefix), ...filesOf(basePrefix), real])].filter((path) => existsSync(path)),
    dataBytes: memoryMegabytes * MEGABYTE,
  };
}

/** The files of an installation: all that is below its prefix, unless other software lives there too. */
function filesOf(prefix: string): string[] {
  if (prefix === '/usr') return [];
  return prefix === '/usr/local' ? ['/usr/local/lib'] : [prefix];
}

/** One file of several parts. */
function harness(name: string, parts: readonly string[]): Runtime['harness'] {
  return { name, text: parts.map((part) => readFileSync(new URL(part, harnessUrl), 'utf8')).join('\n') };
}

/** The folders above a path, from the top: `/a/b/c` → `/a`, `/a/b`. */
export function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === '/' ? [] : [...foldersAbove(above), above];
}
