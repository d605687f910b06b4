import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** The file, or files, of our own engine that this process should load. */
export interface EnginePackage {
  readonly kind: 'addon' | 'wasm';
  /** For what it was built: `linux-x64`, `wasm`. */
  readonly platform: string;
  /** Of WebAssembly the one with the newest instructions comes first; this process may not have them. */
  readonly files: readonly string[];
}

export interface Missing {
  /** A sentence's part: `@counterweight/engine-linux-x64 is not installed`. */
  readonly reason: string;
}

const filesOf = {
  addon: ['counterweight.node'],
  wasm: ['relaxed-simd.wasm', 'simd128.wasm'],
} as const;

/**
 * Looks for the add-on of this platform, or for WebAssembly's modules, among the packages that npm installs beside this
 * one. `COUNTERWEIGHT_ENGINE_FILE` names a file to be taken instead, of the kind that its name ends with.
 */
export function findEnginePackage(kind: EnginePackage['kind']): EnginePackage | Missing {
  const platform = kind === 'wasm' ? 'wasm' : platformName();
  const { COUNTERWEIGHT_ENGINE_FILE: file } = process.env;
  const named = file ? resolve(file) : undefined;
  if (named && named.endsWith('.wasm') === (kind === 'wasm')) {
    return existsSync(named)
      ? { kind, platform, files: [named] }
      : { reason: `COUNTERWEIGHT_ENGINE_FILE names ${named}, which is not there` };
  }
  const name = `@counterweight/engine-${platform}`;
  const folder = folderOf(name);
  if (!folder) return { reason: `${name} is not installed` };
  const files = filesOf[kind].map((file) => join(folder, file)).filter((path) => existsSync(path));
  return files.length > 0
    ? { kind, platform, files }
    : { reason: `${name} is not built: there is no ${filesOf[kind][0]}` };
}

/** `linux-x64-musl`: what this process runs on, as our packages are named; not each of these has one. */
export function platformName(): string {
  return `${process.platform}-${process.arch}${usesMusl() ? '-musl' : ''}`;
}

/** Whether this Node runs on Linux with another C library than glibc. */
function usesMusl(): boolean {
  if (process.platform !== 'linux') return false;
  // Without it the report asks the network for the names of all that this process is connected to.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

function folderOf(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
