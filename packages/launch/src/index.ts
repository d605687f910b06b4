export { isObjectUrl, storageAccess } from './bucket.ts';
export { type Executor, type Job, type Notes, type Resources, type TaskState, Unreachable } from './executor.ts';
export { fetchOnce } from './fetch-once.ts';
export type { KubernetesOptions } from './indexed-job.ts';
export { kubernetes } from './kubernetes.ts';
export type { JobRecord, LaunchRecord } from './launch-record.ts';
export {
  cancelSweep,
  type LaunchEvent,
  type LaunchOptions,
  launchSweep,
  PATIENCE_SECONDS,
  RETRIES,
} from './launch-sweep.ts';
export type { LaunchedSweep } from './launched-sweep.ts';
export type { Lease, Taken } from './lease.ts';
export { local } from './local.ts';
export { MANIFEST_SYSTEMS, type ManifestOptions, type ManifestSystem, sweepManifest } from './manifest.ts';
export { type RayOptions, ray } from './ray.ts';
export { slurm } from './slurm.ts';
export type { SlurmOptions } from './slurm-script.ts';
export { openStoredSweep, type StoredSweep } from './sweep-in-store.ts';
