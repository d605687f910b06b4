import { readdirSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { builtWithPrograms } from '../../tsup.config.base.ts';

const scripts = readdirSync(new URL('src/client', import.meta.url)).filter((name) => name.endsWith('.ts'));

/** The package, its launcher of jobs, and what runs in the page, which stays in several files as it is served. */
export default defineConfig([
  builtWithPrograms('src/index.ts', 'src/jobs/run-job.ts'),
  {
    entry: scripts.map((name) => `src/client/${name}`),
    outDir: 'dist/client',
    format: 'esm',
    target: 'es2023',
    platform: 'browser',
    minify: true,
  },
]);
