/**
 * The engine under compilers' sanitizers, with this machine's g++: `pnpm sanitize [address] [thread]`.
 *
 *   address   memory and undefined behaviour: products against naive ones, then the add-on under the tests of its
 *             operations, of fused kernels and of its machine
 *   thread    data races: products on all threads, many times
 *
 * Minutes each; exits with 77 where there is no g++.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { platforms } from '../../scripts/build-engine/platforms.ts';
import { includeFolders, nativeFolder, unitsOf } from '../../scripts/build-engine/sources.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SANITIZERS: Record<string, readonly string[]> = {
  address: ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'],
  thread: ['-fsanitize=thread'],
};
const TESTS = ['native/operations', 'native/doors.test.ts', 'native/threads.test.ts'].map((name) => `engine/${name}`);
const SUITES = [...TESTS, 'model/attention/fused-attention.test.ts', 'model/layers/fused-layers.test.ts'];

const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} … ended with ${status}`);
};

const linux = platforms.find(({ name }) => name === 'linux-x64');
if (!linux) throw new Error('There is no linux-x64');
const headers = join(root, 'node_modules/node-api-headers/include');
const includes = [...includeFolders.map((name) => join(nativeFolder, name)), headers].map((path) => `-I${path}`);

/** Compiles units, several at a time, and links them with more flags. */
function compile(units: ReturnType<typeof unitsOf>, flags: readonly string[], linking: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-sanitize-'));
  const lines = units.map(({ source, flags: own }, i) =>
    ['g++', '-g', '-O1', '-fPIC', '-std=c++20', '-ffp-contract=fast', '-pthread', ...flags, ...includes, ...own]
      .concat('-c', join(nativeFolder, source), '-o', join(folder, `${i}.o`))
      .join(' '),
  );
  run('bash', ['-c', `printf '%s\\n' "$@" | xargs -P ${availableParallelism()} -I{} sh -c '{}'`, 'compile', ...lines]);
  run('g++', [...flags, '-pthread', ...readdirSync(folder).map((name) => join(folder, name)), ...linking]);
  rmSync(folder, { recursive: true });
}

function sanitize(name: string, flags: readonly string[]): void {
  const folder = join(tmpdir(), `counterweight-sanitized-${name}`);
  mkdirSync(folder, { recursive: true });
  const all = unitsOf(linux as NonNullable<typeof linux>);
  const products = join(folder, 'products-test');
  const parts = all.filter(({ source }) => /^(products|engine\/(memory|system|parallel|instruction))/.test(source));
  compile([...parts, { source: 'products/products-test.cc', flags: [] }], flags, ['-o', products]);
  run(products, [name === 'thread' ? '300' : '1000']);
  if (name === 'thread') return;
  const addon = join(folder, 'counterweight.node');
  compile(all, flags, ['-shared', '-o', addon]);
  const library = spawnSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout.trim();
  run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...SUITES.map((test) => `packages/core/src/${test}`)],
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
  sanitize(name, flags);
  console.log(`${name}: nothing found`);
}
