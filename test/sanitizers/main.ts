/**
 * The engine under compilers' sanitizers, with this machine's g++: `pnpm sanitize [address] [thread]`.
 *
 *   address   memory and undefined behaviour: products against naive ones, then the add-on under the tests of its
 *             operations, of matrices in blocks, of fused kernels and of its doors
 *   thread    data races: products on all threads, many times
 *
 * Minutes each; exits with 77 where there is no g++.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { counterweightHome } from '../../packages/core/src/home.ts';
import { platforms } from '../../scripts/build-engine/platforms.ts';
import { runTool } from '../../scripts/build-engine/run-tool.ts';
import { contentHash, includeFolders, nativeFolder, type Unit, unitsOf } from '../../scripts/build-engine/sources.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SANITIZERS: Record<string, readonly string[]> = {
  // A null pointer ends the program anyhow; looking for one at every access is most of what takes a compiler minutes.
  address: ['-fsanitize=address,undefined', '-fno-sanitize=null,object-size,vptr', '-fno-sanitize-recover=undefined'],
  thread: ['-fsanitize=thread'],
};
const TESTS = ['native/operations', 'native/doors.test.ts', 'native/threads.test.ts'].map((name) => `engine/${name}`);
const LAYERS = ['attention/fused-attention', 'layers/fused-layers', 'layers/quantized-layers'];
const SUITES = [...TESTS, 'tensor/quantized.test.ts', ...LAYERS.map((name) => `model/${name}.test.ts`)];

const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} … ended with ${status}`);
};

const linux = platforms.find(({ name }) => name === 'linux-x64');
if (!linux) throw new Error('There is no linux-x64');
const headers = join(root, 'node_modules/node-api-headers/include');
const objects = join(counterweightHome(), 'sanitizers');
mkdirSync(objects, { recursive: true });
const includes = [...includeFolders.map((name) => join(nativeFolder, name)), headers].map((path) => `-I${path}`);

/** Instruction sets of which this processor says that it has them. What it cannot run is compiled without sanitizers. */
const processor = readFileSync('/proc/cpuinfo', 'utf8');
const NEEDS: Record<string, string> = { Avx2: 'avx2', Avx512: 'avx512f', Bfloat16: 'avx512_bf16' };
const runsHere = ({ flags }: Unit): boolean => {
  const set = flags.at(-1)?.replace('-DCW_SET=', '') ?? '';
  return NEEDS[set] === undefined || processor.includes(NEEDS[set]);
};

/** The object of a unit, compiled where it is not there: a sanitized one takes minutes, and a run may have been ended. */
async function objectOf(unit: Unit, sanitizers: readonly string[]): Promise<string> {
  const { source, flags } = unit;
  const all = ['-g', '-O1', '-fPIC', '-std=c++20', '-ffp-contract=fast', '-pthread']
    .concat(runsHere(unit) ? sanitizers : [])
    .concat(flags);
  const key = createHash('sha256')
    .update([contentHash(source), ...all].join('\0'))
    .digest('hex');
  const object = join(objects, `${key}.o`);
  if (existsSync(object)) return object;
  await runTool(['g++'], [...all, ...includes, '-c', source, '-o', `${object}.unfinished`], { folder: nativeFolder });
  renameSync(`${object}.unfinished`, object);
  return object;
}

/** Compiles units and links them with more flags. One at a time; what was compiled is kept. */
async function build(units: readonly Unit[], flags: readonly string[], linking: readonly string[]): Promise<void> {
  const made: string[] = [];
  for (const [i, unit] of units.entries()) {
    made.push(await objectOf(unit, flags));
    console.log(`${i + 1} of ${units.length}: ${unit.source} ${unit.flags.at(-1) ?? ''}`);
  }
  await runTool(['g++'], [...flags, '-pthread', ...made, ...linking], { folder: nativeFolder });
}

async function sanitize(name: string, flags: readonly string[]): Promise<void> {
  const folder = join(tmpdir(), `counterweight-sanitized-${name}`);
  mkdirSync(folder, { recursive: true });
  const all = unitsOf(linux as NonNullable<typeof linux>);
  const products = join(folder, 'products-test');
  const parts = all.filter(({ source }) => /^(products|engine\/(memory|system|parallel|instruction))/.test(source));
  await build([...parts, { source: 'products/products-test.cc', flags: [] }], flags, ['-o', products]);
  run(products, [name === 'thread' ? '300' : '1000']);
  if (name === 'thread') return;
  const addon = join(folder, 'counterweight.node');
  await build(all, flags, ['-shared', '-o', addon]);
  const library = spawnSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout.trim();
  run(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--testTimeout',
      '300000',
      ...SUITES.map((test) => `packages/core/src/${test}`),
    ],
    {
      COUNTERWEIGHT_ENGINE_FILE: addon,
      LD_PRELOAD: library,
      // Node keeps what it has at its end; what we forget is counted by the engine itself.
      ASAN_OPTIONS: 'detect_leaks=0',
    },
  );
}

if (spawnSync('g++', ['--version']).status !== 0 || process.platform !== 'linux' || process.arch !== 'x64') {
  console.log('Sanitizers need Linux on x64 and g++');
  process.exit(77);
}
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SANITIZERS);
for (const name of names) {
  const flags = SANITIZERS[name];
  if (!flags) throw new Error(`There is no sanitizer ${name}: ${Object.keys(SANITIZERS).join(', ')}`);
  await sanitize(name, flags);
  console.log(`${name}: nothing found`);
}
