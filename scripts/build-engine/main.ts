import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { platformName } from '../../packages/core/src/engine/native/find-package.ts';
import { counterweightHome } from '../../packages/core/src/home.ts';
import { buildFile } from './build-file.ts';
import { writePackages } from './packages.ts';
import { type Platform, platforms } from './platforms.ts';
import { pruneCache } from './prune.ts';
import { BuildError } from './run-tool.ts';
import { openHostCompiler, openZig, type Toolchain } from './toolchain.ts';

/**
 * Builds the engine from packages/core/native into packages/engine-PLATFORM: `pnpm build:engine [PLATFORM… | --all | --host | --quick]`.
 * Without a word it builds what this machine uses: its own, if there is one, and WebAssembly.
 */
const usage = `usage: pnpm build:engine [PLATFORM… | --all | --host | --quick]
  platforms: ${platforms.map(({ name }) => name).join(', ')}
  --host: this machine's alone; with g++ or clang++ where zig can't be had
  --quick: this machine's alone, with its own compiler if it has one: zig is 100 MB, and compiles its library first
  --packages: writes package.json and README.md of the packages, and builds nothing
  --cache FOLDER, --output FOLDER: where zig and objects are kept, and the packages lie`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      host: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      packages: { type: 'boolean', default: false },
      cache: { type: 'string', default: join(counterweightHome(), 'build-engine') },
      output: { type: 'string', default: fileURLToPath(new URL('../../packages', import.meta.url)) },
    },
  });
  if (values.packages) return writePackages(values.output, platforms);
  const own = platforms.find(({ name }) => name === platformName());
  const wanted = values.all
    ? platforms
    : positionals.length > 0
      ? positionals.map(named)
      : whatThisMachineUses(own, values.host || values.quick);
  const quick = values.quick && process.platform !== 'win32' ? await openHostCompiler() : undefined;
  const toolchain = quick ?? (await openToolchain(values.cache, own, wanted));
  for (const platform of wanted) {
    for (const file of Object.keys(platform.files)) {
      const began = performance.now();
      const folder = join(values.output, `engine-${platform.name}`);
      const built = await buildFile(platform, file, { toolchain, cache: values.cache, folder });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const size = `${(built.bytes / 1e6).toFixed(2)} MB`;
      console.log(
        `engine-${platform.name}/${file}: ${size}, ${built.compiled} compiled, ${seconds} s, ${toolchain.version}`,
      );
      if (built.bytes > 3e6) throw new Error(`${built.path} is larger than 3 MB`);
    }
  }
  await pruneCache(values.cache);
}

function named(name: string): Platform {
  const platform = platforms.find((candidate) => candidate.name === name);
  if (!platform) throw new BuildError(`There is no platform ${name}.`, usage);
  return platform;
}

function whatThisMachineUses(own: Platform | undefined, ownAlone: boolean): Platform[] {
  if (ownAlone && !own) {
    throw new BuildError(`There is no engine for ${platformName()}.`, '`pnpm build:engine wasm`');
  }
  return [...(own ? [own] : []), ...(ownAlone ? [] : [named('wasm')])];
}

/** Zig; where it can't be had, this machine's own compiler will do for its own engine. */
async function openToolchain(
  cache: string,
  own: Platform | undefined,
  wanted: readonly Platform[],
): Promise<Toolchain> {
  try {
    return await openZig(cache);
  } catch (error) {
    const hostOnly = wanted.every((platform) => platform === own) && process.platform !== 'win32';
    const compiler = error instanceof BuildError && hostOnly ? await openHostCompiler() : undefined;
    if (!compiler) throw error;
    console.log(`No zig here, so ${compiler.version} compiles: for this machine alone`);
    return compiler;
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof BuildError ? error.message : error);
  process.exit(1);
}
