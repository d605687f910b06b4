import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureNodePackages, LLAMA_CPP, type NodePackages } from '../../bench/node-packages.ts';
import { ensureVenv } from '../../bench/venv.ts';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

/** What the exports are tried with, each set in a folder of its own. */
const PACKAGES = {
  'llama.cpp': LLAMA_CPP,
  // sharp is lifted to a version that brings its binary inside.
  'transformers.js 2': { dependencies: { '@xenova/transformers': '2.17.2' }, overrides: { sharp: '0.34.5' } },
  'transformers.js': { dependencies: { '@huggingface/transformers': '4.3.1' } },
} as const satisfies Record<string, NodePackages>;

type Tools = keyof typeof PACKAGES;

const folderOf = (tools: Tools) => join(here, 'node_modules', '.tools', tools.replaceAll(' ', '-'));

/** Installs what is not there yet. @throws {Error} where the registries cannot be reached */
export function prepareTools(): void {
  ensureVenv();
  trackersPython();
  serversPython();
  for (const tools of Object.keys(PACKAGES) as Tools[]) ensureNodePackages(folderOf(tools), PACKAGES[tools]);
}

/** A Python that has TensorBoard and MLflow. */
export const trackersPython = (): string =>
  ensureVenv({
    folder: join(here, 'node_modules', '.tools', 'trackers'),
    requirementsFile: join(here, 'python', 'trackers.txt'),
  });

/** A Python that has llama.cpp's server, and Go. */
const serversPython = (): string =>
  ensureVenv({
    folder: join(here, 'node_modules', '.tools', 'servers'),
    requirementsFile: join(here, 'python', 'servers.txt'),
  });

/** A program that is llama.cpp's server, with the flags of `llama-server`. */
export function llamaServer(folder: string): string {
  const program = join(folder, 'llama-server');
  const start = `exec '${serversPython()}' '${join(here, 'python', 'llama_server.py')}' "$@"`;
  writeFileSync(program, `#!/bin/sh\n${start}\n`, { mode: 0o755 });
  return program;
}

/** Runs a program in `go/` on a list of jobs. @returns what it printed, as JSON */
export async function runGo<Result>(program: string, jobs: readonly object[], jobsFile: string): Promise<Result> {
  await writeFile(jobsFile, JSON.stringify(jobs));
  const go = join(dirname(serversPython()), 'go');
  const cache = join(here, 'node_modules', '.tools', 'go');
  const env = { ...process.env, GO111MODULE: 'off', GOTOOLCHAIN: 'local', GOCACHE: cache, GOPATH: join(cache, 'path') };
  const { stdout } = await run(go, ['run', join(here, 'go', program), jobsFile], { env });
  return JSON.parse(stdout) as Result;
}

/** Runs one of the scripts in `python/` on a list of jobs, with the environment of `bench/`. */
export async function runPython(script: string, jobs: readonly object[], jobsFile: string): Promise<string> {
  await writeFile(jobsFile, JSON.stringify(jobs));
  const { stdout } = await run(ensureVenv(), [`${here}/python/${script}`, jobsFile], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error' },
  });
  return stdout;
}

/** Runs one of the scripts in `javascript/` beside the tools' packages, and gives what it prints last, as JSON. */
export async function runWith<Result>(tools: Tools, script: string, options: object): Promise<Result> {
  const placed = join(folderOf(tools), script);
  await copyFile(join(here, 'javascript', script), placed);
  const { stdout } = await run('node', [placed, JSON.stringify(options)]);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Result;
}
