import { Job } from 'kubernetes-models/batch/v1';
import { describe, expect, it } from 'vitest';
import { indexedJob, type KubernetesOptions } from './indexed-job.ts';

const array = {
  id: 'counterweight-first',
  tasks: 36,
  atOnce: 12,
  folder: '/sweeps/first/logs',
  isShared: true,
  env: { A: '1' },
};
const options: KubernetesOptions = { image: 'registry.example/counterweight:1', claim: 'data:/sweeps' };
const run = 'exec counterweight worker';
type Manifest = ReturnType<typeof indexedJob>;
/** Held against the schemas that Kubernetes publishes. */
const validate = (manifest: object) => new Job(manifest as ConstructorParameters<typeof Job>[0]).validate();

describe('an Indexed Job', () => {
  it.each([
    ['the least', {}, {}],
    ['all there is', { cpus: 4, memoryMib: 8192, minutes: 90 }, { namespace: 'lab', queue: 'lab-queue' }],
  ])('is what the schemas of Kubernetes ask for: %s', (_, resources, more) => {
    expect(() => validate(indexedJob({ ...array, ...resources }, { ...options, ...more }, run))).not.toThrow();
  });

  it('takes all from object storage where there is no volume, with the keys of a secret, and leaves its log to Kubernetes', () => {
    const items = ['s3://lab/first/planned/0.json', 's3://lab/first/planned/1.json'];
    const job = indexedJob({ ...array, isShared: false }, { image: options.image, secret: 'lab-keys' }, run, items);
    expect(() => validate(job)).not.toThrow();
    const { containers, volumes } = job.spec.template.spec;
    expect(volumes).toBeUndefined();
    expect(containers[0]).toMatchObject({
      command: ['/bin/sh', '-c', run, 'sh', ...items],
      envFrom: [{ secretRef: { name: 'lab-keys' } }],
    });
    expect(containers[0]).not.toHaveProperty('volumeMounts');
  });

  it.each([
    ['a number for a text', (job: Manifest) => ({ ...job, spec: { ...job.spec, completionMode: 1 } })],
    ['no template', ({ spec: { template: _, ...spec }, ...job }: Manifest) => ({ ...job, spec })],
    ['a word for a number', (job: Manifest) => ({ ...job, spec: { ...job.spec, completions: 'all' } })],
  ])('is held to them: %s', (_, damage) => {
    expect(() => validate(damage(indexedJob(array, options, run)))).toThrow();
  });

  it('waits in the queue of Kueue, which starts it', () => {
    const { metadata, spec } = indexedJob(array, { ...options, queue: 'lab' }, run);
    expect([metadata.labels['kueue.x-k8s.io/queue-name'], spec.suspend]).toEqual(['lab', true]);
  });

  it('does not count a pod that saved and left, or was taken away', () => {
    const { rules } = indexedJob(array, options, run).spec.podFailurePolicy;
    expect(rules.map(({ action }) => action)).toEqual(['Ignore', 'Ignore']);
    expect(rules[0]?.onExitCodes?.values).toEqual([75]);
  });
});
