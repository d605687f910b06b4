import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Platform } from './platforms.ts';
import { runTool } from './run-tool.ts';
import { contentHash, includeFolders, nativeFolder, type Unit, unitsOf } from './sources.ts';
import type { Toolchain } from './toolchain.ts';

const nodeApi = dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json'));

const optimized = ['-O3', '-ffp-contract=fast', '-fno-math-errno', '-DNDEBUG'];
const strict = ['-Wall', '-Wextra', '-Wshadow'];
/** No names of compilers, no debugging: the same bytes whoever builds, wherever. */
const reproducible = ['-g0', '-fno-ident', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections'];
const common = ['-std=c++20', '-DNAPI_VERSION=8', ...optimized, ...strict, ...reproducible];

export interface Built {
  readonly path: string;
  readonly bytes: number;
  /** How many sources were compiled; the others lay in the cache. */
  readonly compiled: number;
}

/** Compiles what has changed and links one file of a platform's package. */
export async function buildFile(
  platform: Platform,
  file: string,
  { toolchain, cache, folder }: { readonly toolchain: Toolchain; readonly cache: string; readonly folder: string },
): Promise<Built> {
  const ofFile = platform.files[file] ?? [];
  // Other compilers have warnings of their own.
  const target = toolchain.isZig ? ['-target', platform.target, '-fno-sanitize=undefined', '-Werror'] : [];
  const objects = join(cache, 'objects');
  await mkdir(objects, { recursive: true });
  let compiled = 0;
  const compile = async ({ source, flags }: Unit): Promise<string> => {
    const all = [...target, ...common, ...platform.compile, ...ofFile, ...flags];
    const nameNow = () => {
      const key = createHash('sha256').update([toolchain.version, contentHash(source), ...all].join('\0'));
      return join(objects, `${key.digest('hex')}.o`);
    };
    // Whoever saves a file meanwhile must not find the old object under the new one's name, nor the other way round.
    for (let object = nameNow(); ; object = nameNow()) {
      if (existsSync(object)) {
        // Used now, so not among the oldest.
        const now = new Date();
        await utimes(object, now, now);
        return object;
      }
      compiled++;
      const includes = [...includeFolders, join(nodeApi, 'include')].map((path) => `-I${path}`);
      const unfinished = `${object}-${process.pid}.o`;
      await runTool(toolchain.compiler, [...all, ...includes, '-c', source, '-o', unfinished], {
        folder: nativeFolder,
        environment: toolchain.environment,
      });
      if (nameNow() === object) await rename(unfinished, object);
      else await rm(unfinished);
    }
  };
  const inputs = await mapAtOnce(unitsOf(platform), availableParallelism(), compile);
  const path = join(folder, file);
  await link(inputs, target, path, { platform, toolchain, cache });
  return { path, bytes: (await stat(path)).size, compiled };
}

/** In a folder of its own, where objects have short names: some linkers write these down. */
async function link(
  objects: readonly string[],
  flags: readonly string[],
  path: string,
  {
    platform,
    toolchain,
    cache,
  }: { readonly platform: Platform; readonly toolchain: Toolchain; readonly cache: string },
): Promise<void> {
  const folder = await mkdtemp(join(cache, 'link-'));
  const { environment } = toolchain;
  try {
    if (platform.os === 'win32' && toolchain.importLibrary) {
      const definition = join(nodeApi, 'def/node_api.def');
      await copyFile(join(nodeApi, 'def/js_native_api.def'), join(folder, 'js_native_api.def'));
      await runTool(toolchain.importLibrary, ['-m', 'i386:x86-64', '-d', definition, '-l', 'node.lib'], {
        folder,
        environment,
      });
    }
    const names = await Promise.all(
      objects.map(async (object, index) => {
        await copyFile(object, join(folder, `${index}.o`));
        return `${index}.o`;
      }),
    );
    const output = basename(path);
    const args = [
      ...flags,
      ...platform.link.filter((flag) => toolchain.isZig || flag !== '-Wl,--build-id=none'),
      ...names,
    ];
    await runTool(toolchain.compiler, [...args, '-o', output], { folder, environment });
    await mkdir(dirname(path), { recursive: true });
    // Put there in one move: a process may have the old one loaded.
    await copyFile(join(folder, output), `${path}-${process.pid}`);
    await chmod(`${path}-${process.pid}`, 0o644);
    await rename(`${path}-${process.pid}`, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Works on all items, `limit` of them at a time. */
async function mapAtOnce<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
