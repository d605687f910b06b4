import { availableParallelism } from 'node:os';
import { z } from 'zod';

/** What one program may use, and how many run at a time. The home of these defaults. */
export const limitsSchema = z.strictObject({
  /** Seconds by the clock, and of processor time a process. Tests of functions take milliseconds; 10 leaves room for a busy machine. */
  timeoutSeconds: z.number().positive().max(3600).default(10),
  /** Resident memory of a program with everything it starts. */
  memoryMegabytes: z.number().int().min(64).default(512),
  /** The scratch folder, which is memory too; also the largest file. */
  scratchMegabytes: z.number().int().min(1).default(16),
  /** Files in the scratch folder: the kernel keeps a kilobyte for each, however small. */
  scratchFiles: z.number().int().min(1).default(10_000),
  /** Processes and threads together. Node needs about 12. */
  processes: z.number().int().min(16).default(64),
  /** Standard output and error together; a program that writes more is stopped. */
  outputKilobytes: z.number().int().min(1).default(256),
  /** Programs that run at the same time. Default: one a core. */
  parallel: z
    .number()
    .int()
    .min(1)
    .default(() => availableParallelism()),
});

export type ExecutionLimits = z.output<typeof limitsSchema>;
