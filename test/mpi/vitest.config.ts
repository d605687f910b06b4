import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests that need Open MPI: `pnpm test:mpi`. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    pool: 'forks',
    maxWorkers: 1,
    include: ['test/mpi/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
