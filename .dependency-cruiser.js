import { builtinModules } from 'node:module';

/**
 * The import arrows of ARCHITECTURE.md, checked by `pnpm arrows`. `test/publishing/arrows.test.ts` proves that each
 * rule bites.
 */
const test = '[.]test[.]ts$|/test-support(/|[.]ts$)|/tests?/|/examples?/';
const entry =
  '^packages/[^/]+/src/((draft|files|jobs|recipe|report|testing|tokenization|web)/)?(index|main|preview-program|run-job|tokenizer-worker)[.]ts$|^packages/studio/src/client/(ask|live|new-run)[.]ts$';
const node = `^(node:)?(${builtinModules.join('|')})(/|$)`;
const tensorFlow = '(^|/)node_modules/@tensorflow/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'recipe-packages-know-the-contract-only',
      comment: 'A recipe package sees @counterweight/core/recipe and nothing else of ours.',
      severity: 'error',
      from: { path: '^packages/(recipe-[^/]+)/', pathNot: test },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/core/src/recipe/index[.]ts$'] },
    },
    {
      name: 'recipe-tests-know-the-contract-and-its-suite-only',
      comment: 'The tests and examples of a recipe package may use @counterweight/core and core/testing as well.',
      severity: 'error',
      from: { path: '^packages/(recipe-[^/]+)/' },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/core/src/((recipe|testing)/)?index[.]ts$'] },
    },
    {
      name: 'the-contract-knows-zod-only',
      comment: 'core/recipe imports itself and zod: no tensors, no files, no Node.',
      severity: 'error',
      from: { path: '^packages/core/src/recipe/', pathNot: test },
      to: { pathNot: ['^packages/core/src/recipe/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'words-know-no-tensors',
      comment: 'All of these work without TensorFlow, directly and through imports.',
      severity: 'error',
      from: {
        path: '^packages/core/src/(recipe|rows|perturbations|tokenizer|tokenization|batches|sweep/analysis)/',
        pathNot: test,
      },
      to: { path: tensorFlow, reachable: true },
    },
    {
      name: 'arithmetic-knows-no-machine',
      comment:
        'batches, tensor, model, training and sweep/analysis run in a browser too: nothing of Node, directly or through an import.',
      severity: 'error',
      from: { path: '^packages/core/src/(batches|tensor|model|training|sweep/analysis)/', pathNot: test },
      to: { path: [node, '^packages/core/src/engine/'], reachable: true },
    },
    {
      name: 'pages-have-no-node',
      comment: 'core/web runs in a page: nothing of Node, directly or through an import.',
      severity: 'error',
      from: { path: '^packages/core/src/web/', pathNot: test },
      to: { path: node, reachable: true },
    },
    {
      name: 'nothing-imports-the-cli',
      comment: 'Nothing but what makes the pages of docs/ from its schemas and tables.',
      severity: 'error',
      from: { pathNot: '^packages/cli/|^scripts/docs/' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'packages-meet-at-their-names',
      comment: 'Another package is imported by its name, as its users do, never by a path into its folder.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A module that nothing imports and that imports nothing is left over from something.',
      severity: 'error',
      from: {
        orphan: true,
        // The scripts of test/ecosystem run by themselves, beside packages that are no part of the workspace; a harness is
        // one file of several parts.
        pathNot: [
          '[.]config[.]ts$',
          '[.]d[.]ts$',
          '/fixtures/',
          '/template/',
          '^test/ecosystem/javascript/',
          '/harness/',
        ],
      },
      to: {},
    },
    {
      name: 'no-unreachable-source',
      comment: 'Every module of a package is part of what it publishes, or of its tests.',
      severity: 'error',
      from: { path: entry },
      to: { path: '^packages/[^/]+/src/', pathNot: [entry, test, '[.]d[.]ts$'], reachable: false },
    },
    {
      name: 'only-what-is-declared',
      comment: 'An import that package.json does not name works here by chance and fails at the user’s.',
      severity: 'error',
      from: { path: '^packages/', pathNot: test },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'published-code-needs-no-development-dependency',
      comment: "The hub's library is built into core, which needs a tenth of its 7 MB.",
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], pathNot: '^packages/|(^|/)node_modules/@huggingface/hub/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^packages/[^/]+/(dist|template)/|/fixtures/|/[.]venv/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
