import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hasOpenMpi } from './open-mpi.ts';

/** The exit status of a test that was not run, as automake has it: neither passed nor failed. */
const SKIPPED = 77;

/** `pnpm test:mpi`: skipped, and said so, where Open MPI is not here and cannot be installed. */
if (!hasOpenMpi()) {
  console.log('Skipped: Open MPI (mpirun) is not here, and could not be installed with apt-get.');
  process.exit(SKIPPED);
}
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', '--config', config], { stdio: 'inherit' });
process.exit(status ?? 1);
