import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the numbers of passed and failed tests. */
const results = process.env.TEST_RESULTS;

/**
 * Two projects: `unit` (beside the code, fast) and `across` (whole commands and packages, minutes allowed).
 * Every test file gets a process of its own: the engine is global state, and native TensorFlow can't be unloaded.
 */
export default defineConfig({
  test: {
    // tfjs registers its gradients, which tests compare ours with, in files that only a bundler can load.
    server: { deps: { inline: [/@tensorflow\/tfjs-core\/dist\//] } },
    // … and which bring a second copy of tfjs-core, whose greeting says nothing to anybody.
    onConsoleLog: (log) => !log.startsWith('Platform node has already been set'),
    pool: 'forks',
    isolate: true,
    maxWorkers: 2,
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
            'experiments/**/*.test.ts',
          ],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'across',
          include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: ['test/ecosystem/**', 'test/browser/**', 'test/cluster/**', 'test/mpi/**', '**/node_modules/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
