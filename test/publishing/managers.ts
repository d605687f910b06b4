import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/metadata/metadata.ts';
import { type Means, type Newcomer, newcomer } from './newcomer.ts';
import { asCommonJs, inFunction, installed, program } from './readme.ts';
import type { Tools } from './tools.ts';

interface Manager {
  readonly name: string;
  /** The words before the names of packages. */
  readonly add: readonly [program: string, ...args: string[]];
  readonly files?: Readonly<Record<string, string>>;
}

/** Yarn 4 takes nothing that was published less than a day ago, unless it is told to. */
const AS_NEW_AS_THIS = 'npmMinimalAgeGate: 0\n';

const managersOf = ({ pnpm, yarn1, yarn4 }: Tools): Manager[] => [
  { name: 'npm', add: ['npm', 'install'] },
  { name: 'pnpm', add: [pnpm, 'add'] },
  { name: 'yarn 1', add: [process.execPath, yarn1, 'add'] },
  {
    name: 'yarn 4',
    add: [process.execPath, yarn4, 'add'],
    files: { '.yarnrc.yml': `nodeLinker: node-modules\n${AS_NEW_AS_THIS}` },
  },
];

const ROWS = 40;

/** Rows for the README's program: the first of those that the recipe brings. */
const rows = (): string =>
  readFileSync(join(root, 'packages/recipe-support/fixtures/banking77-train.csv'), 'utf8')
    .split('\n')
    .slice(0, ROWS + 1)
    .join('\n');

/** The README's line of installation and its program, with every package manager, module system and Node. */
export function withEveryManager(means: Means, tools: Tools): Readonly<Record<string, () => Promise<void>>> {
  const parts = managersOf(tools).map((manager) => {
    const check = async () => {
      const user = withProject(manager, means);
      await user.run(...manager.add, ...installed);
      assertOwnEngineAlone(user);
      await runs(user, process.execPath, 'first.mts');
      await runs(user, tools.node22, 'first.cjs');
      if (manager.name === 'npm') {
        await runs(user, tools.node22, 'first.mts');
        await runs(user, process.execPath, 'first.cjs');
      }
      for (const module of ['node16', 'nodenext', 'bundler'] as const) await compiles(user, module);
    };
    return [`${manager.name}: what the README says, as ES module, CommonJS and TypeScript, with Node 22 and 24`, check];
  });
  return Object.fromEntries(parts);
}

/** As `npm init -y` begins one: npm 11 writes "commonjs". */
function withProject({ name, files = {} }: Manager, means: Means): Newcomer {
  const user = newcomer(name.replace(' ', '-'), means);
  const texts = {
    'package.json': '{ "name": "first", "version": "1.0.0", "private": true, "type": "commonjs" }',
    'rows.csv': rows(),
    'first.mts': program,
    'first.cjs': asCommonJs(program),
    'first.cts': inFunction(program),
    ...files,
  };
  for (const [file, text] of Object.entries(texts)) user.write(file, text);
  return user;
}

/** Of the engines only this machine's and WebAssembly's are there. */
function assertOwnEngineAlone({ project }: Newcomer): void {
  const scopes = readdirSync(project, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /@counterweight[/\\]engine-[\w-]+[/\\]\w+[.](node|wasm)$/.test(path),
  );
  const names = new Set(scopes.map((path) => /engine-[\w-]+/.exec(path)?.[0]));
  if (names.size !== 2 || !names.has('engine-wasm')) throw new Error(`engines here: ${[...names].join(', ')}`);
}

async function runs({ project, run }: Newcomer, node: string, file: string): Promise<void> {
  rmSync(join(project, 'runs'), { recursive: true, force: true });
  const said = await run(node, file);
  const { engine } = JSON.parse(readFileSync(join(project, 'runs/support/run.json'), 'utf8'));
  if (engine.name !== 'native') throw new Error(`${file} ran on ${engine.name}`);
  if (!/runs.support.* \d/.test(said)) throw new Error(`${file} with ${node} says: ${said}`);
}

/** node16 lets a CommonJS module require no ES module; nodenext does, as Node 22 and 24. */
async function compiles({ project, run }: Newcomer, module: 'node16' | 'nodenext' | 'bundler'): Promise<void> {
  const settings = module === 'bundler' ? { module: 'preserve', moduleResolution: 'bundler' } : { module };
  const compilerOptions = {
    ...settings,
    target: 'es2023',
    lib: ['es2023', 'dom'],
    strict: true,
    noEmit: true,
    types: [],
  };
  const files = module === 'nodenext' ? ['first.mts', 'first.cts'] : ['first.mts'];
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await run(process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
}

/** Yarn 4 as it comes is refused, before anything is trained, by the command line and in a program. */
export async function withPlugAndPlay(means: Means, tools: Tools): Promise<void> {
  const yarn = [process.execPath, tools.yarn4] as const;
  const manager: Manager = { name: 'yarn pnp', add: [...yarn, 'add'], files: { '.yarnrc.yml': AS_NEW_AS_THIS } };
  const user = withProject(manager, means);
  await user.run(...manager.add, ...installed);
  const preview = ['preview', '--recipe', 'support', '--model', '@counterweight/stories260k', '--data', 'rows.csv'];
  for (const words of [
    ['node', 'first.cjs'],
    ['counterweight', ...preview],
  ]) {
    const said = await user.fails(...yarn, ...words);
    if (!said.includes('nodeLinker: node-modules')) throw new Error(`${words.join(' ')} says: ${said}`);
  }
  if (existsSync(join(user.project, 'runs'))) throw new Error('a run was begun');
}
