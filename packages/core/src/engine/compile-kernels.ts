import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { addonFlags, addonIncludes, nativeSource } from './compile-binding.ts';
import type { InstallRecipe } from './install-recipes.ts';
import { type EngineManifest, manifestName, probeNativePackage, readInstalled } from './native-package.ts';
import { runTool } from './run-tool.ts';

const kernels = 'kernels.node';
const sources = ['attention.cc', 'parallel.cc', 'registration.cc'];

/** The arithmetic is compiled once for every instruction set; the processor that runs it decides which one is used. */
const instructionSets: Record<string, Record<string, readonly string[]>> = {
  x64: { Baseline: [], Avx2: ['-mavx2', '-mfma'], Avx512: ['-mavx512f', '-mavx2', '-mfma'] },
  arm64: { Baseline: [] },
};

/**
 * Compiles our own operations into an engine folder that works already, tries them, and enters them in its manifest.
 * The engine is whole without them: whatever goes wrong leaves it as it was.
 *
 * @returns what went wrong, or undefined.
 */
export async function addKernels(
  compiler: string,
  recipe: InstallRecipe,
  folder: string,
  manifest: EngineManifest,
): Promise<string | undefined> {
  const write = (content: EngineManifest) =>
    writeFile(join(folder, manifestName), `${JSON.stringify(content, null, 2)}\n`);
  try {
    await compileKernels(compiler, recipe, folder);
    await write({ ...manifest, kernels });
    const built = readInstalled(recipe.engine, folder);
    if (!built) throw new Error(`no ${manifestName} in ${folder}`);
    const { kernelsProblem } = await probeNativePackage(built, { COUNTERWEIGHT_KERNELS: '' });
    if (kernelsProblem) throw new Error(kernelsProblem);
    return undefined;
  } catch (error) {
    await write(manifest);
    return reasonOf(error);
  }
}

/** The error of a tool speaks of the whole installation; only the tool's own last line applies here. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = error.message.split('\n');
  return (error instanceof UserError ? lines.at(-2) : error.message)?.trim() ?? '';
}

async function compileKernels(compiler: string, recipe: InstallRecipe, folder: string): Promise<void> {
  const flags = [...addonFlags.filter((flag) => flag !== '-O2'), '-O3', '-ffp-contract=fast', '-pthread'];
  const common = [...flags, ...addonIncludes];
  const tiles = Object.entries(instructionSets[process.arch] ?? { Baseline: [] });
  const objects = await Promise.all(
    tiles.map(async ([name, instructions]) => {
      const object = `attention-tiles-${name}.o`;
      const definition = `-DCW_TILES=attentionTiles${name}`;
      const source = nativeSource('kernels/attention-tiles.cc');
      const compileOnly = common.filter((flag) => flag !== '-shared');
      await runTool(compiler, [...compileOnly, ...instructions, definition, '-c', source, '-o', object], { folder });
      return object;
    }),
  );
  const inputs = [...sources.map((name) => nativeSource(`kernels/${name}`)), ...objects];
  const libraries = recipe.libraries.map((path) => join('site', path));
  await runTool(compiler, [...common, ...inputs, ...libraries, ...recipe.linkerFlags, '-o', kernels], { folder });
  await Promise.all(objects.map((object) => rm(join(folder, object))));
}
