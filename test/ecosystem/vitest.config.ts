import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests that need the tools of other ecosystems: `pnpm test:ecosystem`. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    pool: 'forks',
    maxWorkers: 1,
    include: ['test/ecosystem/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
