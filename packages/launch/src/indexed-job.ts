import type { JobArray } from './slurm-script.ts';

export interface KubernetesOptions {
  /** Container image that has the command line. */
  readonly image: string;
  /**
   * A persistent volume claim that holds sweep, model and rows, and where it is mounted: `claim:/path`, as on this machine. Where
   * all of them are in object storage there is none.
   */
  readonly claim?: string | undefined;
  /** A secret whose entries are environment variables: keys to object storage. */
  readonly secret?: string | undefined;
  readonly namespace?: string | undefined;
  /** Local queue of Kueue that the job waits in. */
  readonly queue?: string | undefined;
}

/** A worker's code for "continue me": the pod is replaced, and that is no failure. */
const CONTINUE = 75;
/** Seconds from SIGTERM until a pod is killed: room to save. */
const GRACE_SECONDS = 120;

/**
 * An Indexed Job: a pod for each task, which finds its number in JOB_COMPLETION_INDEX. One that was disrupted, or saved and left
 * because it was told to, comes again and counts for nothing.
 * @param run how the shell calls what a task does
 * @param items the shell's arguments, from `$1`
 */
export function indexedJob(
  { id, tasks, atOnce, folder, isShared, env, cpus = 1, memoryMib, minutes }: JobArray,
  { image, claim, secret, namespace, queue }: KubernetesOptions,
  run: string,
  items: readonly string[] = [],
) {
  const volume = claim === undefined ? undefined : volumeOf(claim);
  // What is not put elsewhere Kubernetes keeps: kubectl logs.
  const log = isShared ? ` >>"${folder}/$JOB_COMPLETION_INDEX.log" 2>&1` : '';
  const needs = { cpu: String(cpus), ...(memoryMib !== undefined && { memory: `${memoryMib}Mi` }) };
  const labels = { 'app.kubernetes.io/name': 'counterweight' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: id,
      ...(namespace !== undefined && { namespace }),
      labels: { ...labels, ...(queue !== undefined && { 'kueue.x-k8s.io/queue-name': queue }) },
    },
    spec: {
      completionMode: 'Indexed',
      completions: tasks,
      parallelism: Math.min(atOnce, tasks),
      backoffLimitPerIndex: 0,
      // Kueue starts it when there is room.
      ...(queue !== undefined && { suspend: true }),
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onExitCodes: { containerName: 'worker', operator: 'In', values: [CONTINUE] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: GRACE_SECONDS,
          ...(minutes !== undefined && { activeDeadlineSeconds: 60 * minutes }),
          containers: [
            {
              name: 'worker',
              image,
              command: ['/bin/sh', '-c', `${run}${log}`, ...(items.length > 0 ? ['sh', ...items] : [])],
              env: Object.entries(env).map(([name, value]) => ({ name, value })),
              ...(secret !== undefined && { envFrom: [{ secretRef: { name: secret } }] }),
              resources: { requests: needs, ...(memoryMib !== undefined && { limits: { memory: needs.memory } }) },
              ...(volume && { volumeMounts: [{ name: 'shared', mountPath: volume.mountPath }] }),
            },
          ],
          ...(volume && {
            volumes: [{ name: 'shared', persistentVolumeClaim: { claimName: volume.claimName } }],
          }),
        },
      },
    },
  };
}

function volumeOf(claim: string): { claimName: string; mountPath: string } {
  const colon = claim.indexOf(':');
  return { claimName: claim.slice(0, colon), mountPath: claim.slice(colon + 1) };
}
