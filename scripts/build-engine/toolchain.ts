import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError, runTool, type Tool, toolWorks } from './run-tool.ts';

/** A C++ compiler; only zig compiles for other machines than this one. */
export interface Toolchain {
  /** Part of the key of everything that it compiles. */
  readonly version: string;
  readonly compiler: Tool;
  readonly isZig: boolean;
  /** Makes the import library of node.exe; zig's only. */
  readonly importLibrary?: Tool;
  readonly environment: Readonly<Record<string, string>>;
}

const zigVersion = '0.17.1';
/** Of its wheels on PyPI: Linux on x64 and on arm64, macOS on arm64 and on x64, Windows on x64. */
const zigHashes = [
  'ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54',
  'b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e',
  '09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23',
  '4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97',
  '69c3dfc3aff6a297ec4017aa904782c0e450eb988982d7f675d83edce27526fb',
];

/** Zig, brought into `cache` by pip (100 MB) the first time. */
export async function openZig(cache: string): Promise<Toolchain> {
  const folder = join(cache, `zig-${zigVersion}`);
  if (!existsSync(folder)) await installZig(folder);
  const zig = join(folder, 'ziglang', process.platform === 'win32' ? 'zig.exe' : 'zig');
  const zigCache = join(cache, 'zig-cache');
  return {
    version: `zig ${zigVersion}`,
    compiler: [zig, 'c++'],
    isZig: true,
    importLibrary: [zig, 'dlltool'],
    environment: { ZIG_GLOBAL_CACHE_DIR: zigCache, ZIG_LOCAL_CACHE_DIR: zigCache },
  };
}

async function installZig(folder: string): Promise<void> {
  const python = await findPython();
  if (!python) {
    throw new BuildError(
      'The engine is compiled by zig, which comes with pip, and there is no python3 with pip here.',
      'install python3 and pip; or build for this machine alone with g++ or clang++ on the PATH: `pnpm build:engine --host`',
    );
  }
  const unfinished = `${folder}-${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const requirements = join(unfinished, 'requirements.txt');
    await writeFile(
      requirements,
      `ziglang==${zigVersion} ${zigHashes.map((hash) => `--hash=sha256:${hash}`).join(' ')}\n`,
    );
    const options = [
      '--target',
      unfinished,
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '-r',
      requirements,
    ];
    await runTool(python, ['-m', 'pip', 'install', ...options], {
      folder: unfinished,
      environment: {
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
        PIP_NO_INPUT: '1',
        PIP_REQUIRE_VIRTUALENV: '0',
        PIP_USER: '0',
      },
    });
    await rename(unfinished, folder);
  } catch (error) {
    // Another build may have brought it meanwhile.
    if (existsSync(folder)) return;
    throw new BuildError(
      `pip cannot get zig: ${error instanceof Error ? error.message : error}`,
      'make sure that pip reaches its index; or build for this machine alone with g++ or clang++: `pnpm build:engine --host`',
    );
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function findPython(): Promise<Tool | undefined> {
  const candidates: readonly Tool[] = [['python3'], ['python'], ['py', '-3']];
  for (const python of candidates) if (await toolWorks(python, ['-m', 'pip', '--version'])) return python;
  return undefined;
}

/** The machine's own compiler, if it has one. */
export async function openHostCompiler(): Promise<Toolchain | undefined> {
  const candidates: readonly Tool[] = [['clang++'], ['g++'], ['c++']];
  for (const compiler of candidates) {
    if (!(await toolWorks(compiler, ['--version']))) continue;
    const version = await runTool(compiler, ['--version'], { folder: '.' });
    return { version: `${compiler[0]} ${version.split('\n')[0]}`, compiler, isZig: false, environment: {} };
  }
  return undefined;
}
