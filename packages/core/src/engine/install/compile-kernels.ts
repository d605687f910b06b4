import { readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { addonFlags, addonIncludes, nativeSource } from './compile-binding.ts';
import type { InstallPlan } from './install-plan.ts';
import { type EngineManifest, manifestName, probeNativePackage, readInstalled } from './native-package.ts';
import { runTool, type ToolOptions } from './run-tool.ts';

const kernels = 'kernels.node';

/** What answers calls in our own engine; here TensorFlow does, behind classes of the same names. */
const OWN_CALLS = ['engine/call.cc', 'engine/engine.cc'];

/**
 * Arithmetic, in files ending with -vectors or -tiles, is compiled once for every instruction set, whose name is CW_SET
 * there; the processor that runs it decides which one is used (`instruction-sets.h`).
 */
const ARITHMETIC = /-(vectors|tiles)\.cc$/;
const instructionSets: Record<string, Record<string, readonly string[]>> = {
  x64: {
    Baseline: [],
    Avx2: ['-mavx2', '-mfma'],
    Avx512: ['-mavx512f', '-mavx2', '-mfma'],
    Bfloat16: ['-mavx512f', '-mavx512bw', '-mavx512bf16', '-mavx2', '-mfma'],
  },
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
  plan: InstallPlan,
  { folder, signal, manifest }: Pick<ToolOptions, 'folder' | 'signal'> & { readonly manifest: EngineManifest },
): Promise<string | undefined> {
  const write = (content: EngineManifest) =>
    writeFile(join(folder, manifestName), `${JSON.stringify(content, null, 2)}\n`);
  try {
    await compileKernels(compiler, plan, { folder, signal });
    await write({ ...manifest, kernels });
    const built = readInstalled(plan.engine, folder);
    if (!built) throw new Error(`no ${manifestName} in ${folder}`);
    const { kernelsProblem } = await probeNativePackage(built, {
      environment: { COUNTERWEIGHT_KERNELS: '' },
      signal,
    });
    if (kernelsProblem) throw new Error(kernelsProblem);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
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

async function compileKernels(
  compiler: string,
  plan: InstallPlan,
  { folder, signal }: Pick<ToolOptions, 'folder' | 'signal'>,
): Promise<void> {
  const optimized = ['-O3', '-ffp-contract=fast', '-fno-math-errno', '-pthread'];
  const flags = [...addonFlags.filter((flag) => flag !== '-O2'), ...optimized, ...addonIncludes, ...ownIncludes];
  const compileOnly = flags.filter((flag) => flag !== '-shared');
  const sources = (await sourcesIn('engine', 'kernels')).filter((path) => !OWN_CALLS.includes(path));
  const registration = 'doors/tensorflow/registration.cc';
  const units = [...sources, registration].flatMap((path) => {
    const object = basename(path);
    if (!ARITHMETIC.test(path)) return [{ path, object: `${object}.o`, extra: [] as readonly string[] }];
    return Object.entries(instructionSets[process.arch] ?? { Baseline: [] }).map(([set, extra]) => ({
      path,
      object: `${object}-${set}.o`,
      extra: [...extra, `-DCW_SET=${set}`],
    }));
  });
  await mapAtOnce(units, availableParallelism(), ({ path, object, extra }) =>
    runTool(compiler, [...compileOnly, ...extra, '-c', nativeSource(path), '-o', object], {
      folder,
      signal,
    }),
  );
  const objects = units.map((unit) => unit.object);
  const libraries = plan.libraries.map((path) => join('site', path));
  await runTool(compiler, [...flags, ...objects, ...libraries, ...plan.linkerFlags, '-o', kernels], {
    folder,
    signal,
  });
  await Promise.all(objects.map((object) => rm(join(folder, object))));
}

const ownIncludes = ['doors/tensorflow', 'engine', 'kernels'].map((name) => `-I${nativeSource(name)}`);

async function sourcesIn(...folders: readonly string[]): Promise<string[]> {
  const paths = folders.map(async (folder) =>
    (await readdir(nativeSource(folder))).filter((name) => name.endsWith('.cc')).map((name) => `${folder}/${name}`),
  );
  return (await Promise.all(paths)).flat().sort();
}

/** Works on all items, `limit` of them at a time. */
async function mapAtOnce<T>(items: readonly T[], limit: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
