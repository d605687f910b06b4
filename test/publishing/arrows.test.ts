import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A small workspace: imports that are allowed, and one fault for each rule. */
const modules: Record<string, string[]> = {
  // Allowed: nothing of this may be reported.
  'packages/core/src/index.ts': ['./fine-tune.ts', './recipe/index.ts'],
  'packages/core/src/fine-tune.ts': ['./rows/read-rows.ts', './training/loop.ts', './engine/open-engine.ts'],
  'packages/core/src/engine/open-engine.ts': ['node:module', '@tensorflow/tfjs-core'],
  'packages/core/src/training/loop.ts': ['../tokenization/rows.ts', '@tensorflow/tfjs-core'],
  'packages/core/src/rows/read-rows.ts': ['node:fs', '../recipe/index.ts'],
  'packages/core/src/tokenization/rows.ts': ['zod'],
  'packages/core/src/recipe/index.ts': ['./recipe.ts'],
  'packages/core/src/recipe/recipe.ts': ['zod'],
  'packages/core/src/testing/index.ts': ['../recipe/index.ts'],
  'packages/recipe-good/src/index.ts': ['@counterweight/core/recipe', './row.ts'],
  'packages/recipe-good/src/row.ts': ['zod'],
  'packages/recipe-good/src/index.test.ts': ['./index.ts', '@counterweight/core/testing', 'vitest'],
  'packages/cli/src/main.ts': ['@counterweight/core'],
  // Faults.
  'packages/recipe-good/src/too-close.ts': ['@counterweight/core'],
  'packages/recipe-good/src/close.test.ts': [
    './too-close.ts',
    '../../core/src/tokenization/rows.ts',
    '@counterweight/cli',
  ],
  'packages/core/src/recipe/reads-files.test.ts': ['./reads-files.ts'],
  'packages/core/src/recipe/reads-files.ts': ['node:fs'],
  'packages/core/src/tokenization/tensors.test.ts': ['./tensors.ts'],
  'packages/core/src/tokenization/tensors.ts': ['../engine/open-engine.ts'],
  'packages/core/src/model/files.test.ts': ['./files.ts'],
  'packages/core/src/model/files.ts': ['../checkpoint.ts'],
  'packages/core/src/checkpoint.ts': ['os'],
  'packages/core/src/web/index.ts': ['os'],
  'packages/core/src/chicken.ts': ['./egg.ts'],
  'packages/core/src/egg.ts': ['./chicken.ts'],
  'packages/core/src/left-over.ts': [],
  'packages/core/src/undeclared.ts': ['publint', 'vitest', './missing.ts'],
};

const faults = [
  'arithmetic-knows-no-machine: packages/core/src/model/files.ts',
  'no-cycles: packages/core/src/chicken.ts',
  'no-orphans: packages/core/src/left-over.ts',
  'no-unresolvable: packages/core/src/undeclared.ts',
  'nothing-imports-the-cli: packages/recipe-good/src/close.test.ts',
  'only-what-is-declared: packages/core/src/undeclared.ts',
  'packages-meet-at-their-names: packages/recipe-good/src/close.test.ts',
  'pages-have-no-node: packages/core/src/web/index.ts',
  'published-code-needs-no-development-dependency: packages/core/src/undeclared.ts',
  'recipe-packages-know-the-contract-only: packages/recipe-good/src/too-close.ts',
  'recipe-tests-know-the-contract-and-its-suite-only: packages/recipe-good/src/close.test.ts',
  'the-contract-knows-zod-only: packages/core/src/recipe/reads-files.ts',
  'words-know-no-tensors: packages/core/src/tokenization/tensors.ts',
];
/** Nothing that is published leads to these. */
const unreachable = [
  'packages/core/src/checkpoint.ts',
  'packages/core/src/chicken.ts',
  'packages/core/src/tokenization/tensors.ts',
  'packages/core/src/egg.ts',
  'packages/core/src/left-over.ts',
  'packages/core/src/model/files.ts',
  'packages/core/src/recipe/reads-files.ts',
  'packages/core/src/undeclared.ts',
  'packages/recipe-good/src/too-close.ts',
].map((path) => `no-unreachable-source: ${path}`);

const packageOf = (name: string, exports: Record<string, string>, dependencies: string[]) => ({
  name,
  type: 'module',
  exports,
  dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '*'])),
  devDependencies: { vitest: '*' },
});

const packages = {
  'packages/core': packageOf(
    '@counterweight/core',
    { '.': './src/index.ts', './recipe': './src/recipe/index.ts', './testing': './src/testing/index.ts' },
    ['zod', '@tensorflow/tfjs-core'],
  ),
  'packages/recipe-good': packageOf('@counterweight/recipe-good', {}, ['zod', '@counterweight/core']),
  'packages/cli': packageOf('@counterweight/cli', { '.': './src/main.ts' }, ['@counterweight/core']),
};

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

it('reports every import against the arrows, and no other', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'arrows-'));
  try {
    for (const [path, imports] of Object.entries(modules)) {
      write(folder, path, imports.map((name) => `import '${name}';\n`).join(''));
    }
    for (const [path, manifest] of Object.entries(packages)) {
      write(folder, join(path, 'package.json'), JSON.stringify(manifest));
      link(join(folder, path), join(folder, 'node_modules', manifest.name));
    }
    write(folder, 'tsconfig.json', '{}');
    for (const name of ['zod', '@tensorflow']) {
      link(join(root, 'packages/core/node_modules', name), join(folder, 'node_modules', name));
    }
    for (const name of ['vitest', 'publint'])
      link(join(root, 'node_modules', name), join(folder, 'node_modules', name));

    const ran = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        ...['--config', join(root, '.dependency-cruiser.js'), '--output-type', 'json', 'packages'],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    const report: { summary: { violations: { rule: { name: string }; from: string }[] } } = JSON.parse(ran.stdout);
    const reported = report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    expect([...new Set(reported)].sort()).toEqual([...faults, ...unreachable].sort());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
