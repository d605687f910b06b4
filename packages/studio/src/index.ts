export type { Job } from './jobs/job.ts';
