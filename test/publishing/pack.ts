import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { platformName } from '../../packages/core/src/engine/native/find-package.ts';
import { publicPackages, root } from '../../scripts/metadata/metadata.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  /** The machines that it is for, where it is not for all. */
  readonly os?: readonly string[];
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What is published. */
interface Tarball {
  readonly manifest: Manifest;
  readonly tarball: string;
}

/** A package as its user gets it: the tarball, unpacked into a scratch project. */
export interface PackedPackage extends Tarball {
  readonly folder: string;
  /** Bytes by path, relative to the package. */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * Packs every package of the workspace that is not private and unpacks it into `scratch/node_modules`. The engines of
 * other machines are among them where they are built (`pnpm build:engine --all`).
 */
export function packInto(scratch: string): PackedPackage[] {
  return sources()
    .filter((source) => !isForeignAndMissing(source))
    .map((source) => unpack(packOne(source, scratch), source, scratch));
}

/** Names of the engines of other machines that are not built here. */
export const unbuilt = (): string[] =>
  sources()
    .filter(isForeignAndMissing)
    .map((source) => readManifest(source).name);

const sources = (): string[] => publicPackages().map((folder) => join(root, folder));

function isForeignAndMissing(source: string): boolean {
  const manifest = readManifest(source);
  return isForeign(manifest) && !manifest.files.every((path) => existsSync(join(source, path)));
}

/** Whether it is an engine for another machine than this one. */
export function isForeign({ os, name }: Manifest): boolean {
  return os !== undefined && name !== `@counterweight/engine-${platformName()}`;
}

/** The tarball of a package, written into `scratch/tarballs`, with the manifest that is in it. */
function packOne(source: string, scratch: string): Tarball {
  const tarballs = join(scratch, 'tarballs');
  mkdirSync(tarballs, { recursive: true });
  const packed = execFileSync('pnpm', ['pack', '--json', '--pack-destination', tarballs], {
    cwd: source,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  const { filename: tarball } = JSON.parse(packed) as { filename: string };
  const manifest = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' });
  return { tarball, manifest: JSON.parse(manifest) };
}

function unpack({ tarball, manifest }: Tarball, source: string, scratch: string): PackedPackage {
  const folder = join(scratch, 'node_modules', manifest.name);
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1']);
  linkDependencies(manifest, source, folder);
  return { manifest, tarball, folder, files: filesOf(folder) };
}

/**
 * The package finds what its published manifest declares and nothing else, without a registry: links to what the
 * workspace has installed. Our own packages are found as tarballs, side by side in the scratch project.
 */
function linkDependencies(manifest: Manifest, source: string, folder: string): void {
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (name.startsWith('@counterweight/')) continue;
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(source, 'node_modules', name)), link, 'junction');
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function filesOf(folder: string): Map<string, number> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths
      .map((path) => [relative(folder, path).replaceAll('\\', '/'), statSync(path).size] as const)
      .filter(([path]) => !path.startsWith('node_modules/')),
  );
}
