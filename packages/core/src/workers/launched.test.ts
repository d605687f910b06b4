import { expect, it } from 'vitest';
import { launchedBy } from './launched.ts';

it('a process knows who started it as which worker', () => {
  expect(launchedBy({})).toBeUndefined();
  expect(launchedBy({ OMPI_COMM_WORLD_RANK: '3', SLURM_PROCID: '0' })).toEqual({ by: 'mpirun', rank: 3 });
  expect(launchedBy({ SLURM_PROCID: '0', PMIX_RANK: '2' })).toEqual({ by: 'srun', rank: 2 });
  expect(launchedBy({ SLURM_PROCID: '1' })).toEqual({ by: 'srun', rank: 1 });
  expect(launchedBy({ PMIX_RANK: '' })).toBeUndefined();
});
