/**
 * What a user of the published packages meets, checked before anything is published: packs every package, unpacks the
 * tarballs into a scratch project, and looks at them from there. `pnpm check:packages` builds first. With `--all` the engines of
 * all machines have to be there too, as for a release.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { counterweightHome } from '../../packages/core/src/home.ts';
import { budgets } from './budgets.ts';
import { undocumentedOptions } from './option-comments.ts';
import { isForeign, type PackedPackage, packInto, unbuilt } from './pack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What the engine's packages hold, which no program imports by itself. */
const isEngine = (path: string) => /[.](node|wasm)$/.test(path);

/** Each check gives the faults it finds, as sentences; none is what we want. */
type Check = (packed: PackedPackage, scratch: string) => Promise<string[]> | string[];

const checks: Record<string, Check> = {
  'holds what it should': ({ manifest, files }) => {
    // The model has licences of its own, which have names of their own.
    const licences = manifest.files.filter((name) => name.startsWith('LICENSE'));
    const allowed = ['README.md', 'package.json', ...(licences.length > 0 ? [] : ['LICENSE']), ...manifest.files];
    const lies = (path: string, name: string) => path === name || path.startsWith(`${name}/`);
    const missing = allowed.filter((name) => ![...files.keys()].some((path) => lies(path, name)));
    const strange = [...files.keys()].filter((path) => !allowed.some((name) => lies(path, name)));
    const tests = [...files.keys()].filter((path) => /[.]test[.]/.test(path) && !/template/.test(path));
    return [
      ...missing.map((path) => `${path} is missing`),
      ...[...strange, ...tests].map((path) => `${path} does not belong into it`),
    ];
  },

  'is as small as it may be': (packed) => {
    const [download, disk] = budgets[packed.manifest.name] ?? [0, 0];
    const [downloaded, onDisk] = weigh(packed);
    return [
      ...(downloaded > download ? [`${downloaded} MB to download, above ${download} (budgets.ts)`] : []),
      ...(onDisk > disk ? [`${onDisk} MB on the disk, above ${disk} (budgets.ts)`] : []),
    ];
  },

  'says nothing of the machine that built it': ({ folder, files }) => {
    const places = [root, `${homedir()}/`, counterweightHome()].filter((place) => place.length > 2);
    return [...files.keys()].flatMap((path) => {
      const bytes = readFileSync(join(folder, path));
      return places.filter((place) => bytes.includes(place)).map((place) => `${path} has ${place}`);
    });
  },

  'brings the licences of what is built into it': ({ folder, files }) => {
    const maps = [...files.keys()].filter((path) => path.endsWith('.map'));
    const notices = files.has(LICENCES) ? readFileSync(join(folder, LICENCES), 'utf8') : '';
    const missing = new Set(maps.flatMap((path) => builtIn(join(folder, path)))).values();
    return [...missing].filter((name) => !notices.includes(`## ${name}`)).map((name) => `${LICENCES} has no ${name}`);
  },

  'has a manifest for users': ({ manifest }) => {
    const text = JSON.stringify({ ...manifest, files: [] });
    return ['workspace:', 'src/', '.ts"']
      .filter((word) => text.replaceAll('.d.ts"', '').includes(word))
      .map((word) => `package.json still says ${word}`);
  },

  'passes publint': async ({ manifest, tarball }) => {
    const bytes = readFileSync(tarball);
    const pack = { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer };
    const { messages } = await publint({ pack, strict: true });
    return messages.map((message) => formatMessage(message, manifest, { color: false }) ?? message.code);
  },

  'has types that are right': async ({ tarball, manifest }) => {
    if (Object.keys(manifest.exports ?? {}).every((name) => name === './package.json' || isEngine(name))) return [];
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    if (analysis.types === false) return ['there are no types'];
    // We publish ES modules only: what CommonJS and the resolution of Node 10 make of them is no fault.
    return analysis.problems
      .filter((problem) => !('resolutionKind' in problem) || /^(node16-esm|bundler)$/.test(problem.resolutionKind))
      .map((problem) => JSON.stringify(problem));
  },

  loads: ({ manifest }, scratch) =>
    Object.entries(manifest.exports ?? {})
      .filter(([name]) => name !== './package.json')
      .flatMap(([name]) => {
        const specifier = `${manifest.name}${name.slice(1)}`;
        if (isEngine(name)) return isForeign(manifest) ? [] : loadEngine(scratch, specifier);
        return run(scratch, ['--input-type=module', '-e', `await import('${specifier}')`], `import '${specifier}'`);
      }),

  'starts from its commands': ({ manifest, folder }, scratch) =>
    Object.entries(manifest.bin ?? {}).flatMap(([name, path]) =>
      run(scratch, [join(folder, path), '--help'], `${name} --help`),
    ),
};

const LICENCES = 'THIRD-PARTY-LICENSES.md';

/** Other people's packages whose code stands in a built file, as its source map knows. */
function builtIn(map: string): string[] {
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { readonly sources: readonly string[] };
  const inside = sources.map((source) => source.split('node_modules/').slice(1).pop());
  return inside.flatMap((path) => (path === undefined ? [] : [/^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path]));
}

/** MB to download and on the disk. */
function weigh({ tarball, files }: PackedPackage): [number, number] {
  const inMegabytes = (bytes: number) => Math.ceil(bytes / 1e4) / 100;
  return [inMegabytes(statSync(tarball).size), inMegabytes([...files.values()].reduce((sum, bytes) => sum + bytes, 0))];
}

/** An add-on as Node loads it; a module as WebAssembly compiles it. */
function loadEngine(scratch: string, specifier: string): string[] {
  const program = specifier.endsWith('.node')
    ? `if (require('${specifier}').run === undefined) throw new Error('it gives no run()')`
    : `new WebAssembly.Module(require('node:fs').readFileSync(require.resolve('${specifier}')))`;
  return run(scratch, ['--input-type=commonjs', '-e', program], specifier);
}

/** Node in the scratch project. */
function run(scratch: string, args: string[], what: string): string[] {
  const ran = spawnSync(process.execPath, args, { cwd: scratch, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return ran.status === 0 ? [] : [`${what} exits with ${ran.status}:\n${ran.stdout}${ran.stderr}`];
}

/** What an editor says of options, from the packed declarations. */
const checkComments = (scratch: string): string[] =>
  undocumentedOptions(scratch, {
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    ...{ target: ts.ScriptTarget.ES2023, strict: true, skipLibCheck: true, types: [] },
  });

/** A program of a user's, checked against the packed declarations in both ways a user's compiler may look for them. */
function checkConsumer(scratch: string): string[] {
  copyFileSync(join(root, 'test/publishing/consumer.ts'), join(scratch, 'consumer.ts'));
  return ['nodenext', 'preserve'].flatMap((module) => {
    const compilerOptions = { module, target: 'es2023', strict: true, noEmit: true, skipLibCheck: true, types: [] };
    writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    return run(scratch, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], `tsc with module ${module}`);
  });
}

async function main(): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'counterweight-packages-'));
  writeFileSync(join(scratch, 'package.json'), '{ "private": true, "type": "module" }');
  let faulty = 0;
  const report = (what: string, faults: string[]) => {
    console.log(`${faults.length === 0 ? '✓' : '✗'} ${what}`);
    for (const fault of faults) console.log(`    ${fault.trim().replaceAll('\n', '\n    ')}`);
    if (faults.length > 0) faulty += 1;
  };
  if (process.argv.includes('--all')) report('every engine is built', unbuilt());
  else for (const name of unbuilt()) console.log(`  left out, since it is not built here: ${name}`);
  try {
    const all = packInto(scratch);
    for (const packed of all) {
      for (const [name, check] of Object.entries(checks)) {
        report(`${packed.manifest.name} ${name}`, await check(packed, scratch));
      }
    }
    console.log('\nMB to download, on the disk');
    for (const packed of all)
      console.log(
        `${weigh(packed)
          .map((mb) => mb.toFixed(2))
          .join('  ')}  ${packed.manifest.name}`,
      );
    console.log('');
    report("a user's program compiles", checkConsumer(scratch));
    report('every option has a comment in an editor', checkComments(scratch));
    report("a user's program runs", run(scratch, ['consumer.ts'], 'node consumer.ts'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return faulty === 0 ? 0 : 1;
}

process.exit(await main());
