import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ManifestOptions } from './manifest.ts';
import { MANIFEST_SYSTEMS, sweepManifest } from './manifest.ts';

const options: ManifestOptions = {
  sweep: "/shared/O'Brien's sweeps/first",
  trials: 36,
  program: ['npx', 'counterweight'],
  atOnce: 12,
  cpus: 4,
  memoryMib: 8192,
  minutes: 90,
  env: { COUNTERWEIGHT_THREADS: '4' },
};
const of = (system: (typeof MANIFEST_SYSTEMS)[number], more: Partial<ManifestOptions> = {}) =>
  sweepManifest(system, { ...options, ...more });

describe('a manifest', () => {
  it.each(['slurm', 'ray'] as const)('for %s is a script that a shell can read', (system) => {
    expect(spawnSync('bash', ['-n'], { input: of(system), encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('for Slurm is an array with a task for each trial, so many at once, that saves before its time is over', () => {
    const script = of('slurm', { slurm: { partition: 'cpu', sbatch: ['account=lab'] } });
    const asked = [...script.matchAll(/^#SBATCH --(.*)$/gm)].map(([, option]) => option);
    expect(asked).toEqual(
      expect.arrayContaining([
        'array=0-35%12',
        'requeue',
        'signal=B:USR1@120',
        'cpus-per-task=4',
        'mem=8192M',
        'time=90',
      ]),
    );
    expect(asked).toEqual(expect.arrayContaining(['partition=cpu', 'account=lab']));
    expect(script).toContain("sweep work '/shared/O'\\''Brien'\\''s sweeps/first' --index-from-env &");
  });

  it('of a sweep in object storage asks for no folder', () => {
    const sweep = 's3://lab/sweeps/first';
    const job = parse(of('kubernetes', { sweep }));
    expect(job.spec.template.spec.volumes).toBeUndefined();
    expect(job.spec.template.spec.containers[0].command.at(-1)).toMatch(
      /sweep work s3:\/\/lab\/sweeps\/first --index-from-env$/,
    );
    const script = of('slurm', { sweep });
    expect(script).toContain('#SBATCH --output=/dev/null\n');
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('for SkyPilot and Ray has no more processes than trials', () => {
    expect(parse(of('skypilot', { trials: 5 }))).toMatchObject({
      num_nodes: 5,
      resources: { cpus: '4+', memory: '8+' },
    });
    expect(of('ray', { trials: 5 })).toContain('seq 5');
  });

  it.each(MANIFEST_SYSTEMS)('for %s names the sweep so that the system takes the name', (system) => {
    expect(of(system, { sweep: '/x/My Sweep_2' })).toMatch(/counterweight-my-sweep-2\b/);
  });
});
