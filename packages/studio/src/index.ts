export type { Job, JobError, JobKind, JobProgress, JobRequest, JobState, JobStatus } from './jobs/job.ts';
export { type Jobs, type JobsOptions, openJobs } from './jobs/open-jobs.ts';
