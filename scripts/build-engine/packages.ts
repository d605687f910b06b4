import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withAbsoluteLinks, withMetadata } from '../metadata/metadata.ts';
import type { Platform } from './platforms.ts';

/** What a platform's package holds beside the engine itself, which is built and not committed. */
export function packageFiles(platform: Platform, version: string): { readonly [path: string]: string } {
  const { name, where, os, cpu, libc } = platform;
  const files = Object.keys(platform.files);
  const manifest = {
    name: `@counterweight/engine-${name}`,
    version,
    description: `The engine of Counterweight for ${where}`,
    keywords: ['counterweight', 'fine-tuning', 'engine', name],
    license: 'Apache-2.0',
    type: 'commonjs',
    engines: { node: '>=22.18.0' },
    ...(os && { os: [os] }),
    ...(cpu && { cpu: [cpu] }),
    ...(libc && { libc: [libc] }),
    files,
    exports: Object.fromEntries([...files, 'package.json'].map((file) => [`./${file}`, `./${file}`])),
    publishConfig: { access: 'public' },
    // A file that the system opens, or that a program reads by its path, can't lie in an archive.
    preferUnplugged: true,
  };
  const readme = `# ${manifest.name}

The engine of [\`@counterweight/core\`](../core) for ${where}: the arithmetic of training and generation, compiled from the
C++ in \`packages/core/native\` by \`pnpm build:engine\`. npm installs it where it fits; there is nothing to import.

It holds parts of LLVM's and zig's runtime libraries, and of the target's C library, under their licences (Apache-2.0 with
LLVM's exception, MIT).
`;
  const folder = `packages/engine-${name}`;
  return {
    'package.json': `${JSON.stringify(withMetadata(manifest, folder), null, 2)}\n`,
    'README.md': withAbsoluteLinks(readme, folder),
  };
}

/** All of our packages have one version. */
export async function releaseVersion(packages: string): Promise<string> {
  const core = JSON.parse(await readFile(join(packages, 'core/package.json'), 'utf8')) as { version: string };
  return core.version;
}

export async function writePackages(packages: string, platforms: readonly Platform[]): Promise<void> {
  const version = await releaseVersion(packages);
  for (const platform of platforms) {
    const folder = join(packages, `engine-${platform.name}`);
    await mkdir(folder, { recursive: true });
    for (const [path, text] of Object.entries(packageFiles(platform, version)))
      await writeFile(join(folder, path), text);
  }
}
