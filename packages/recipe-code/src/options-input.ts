// Made from options.ts beside it: `pnpm docs:tables` writes it anew.

import type { z } from 'zod';
import type { codeOptionsSchema } from './options.ts';

type Given = z.input<typeof codeOptionsSchema>;

/** Of the option `limits`. */
export interface ExecutionLimitsInput {
  /**
   * Seconds by the clock, and of processor time a process. Tests of functions take milliseconds; 10 leaves room for a
   * busy machine.
   */
  timeoutSeconds?: NonNullable<Given['limits']>['timeoutSeconds'];
  /** Resident memory of a program with everything it starts. */
  memoryMegabytes?: NonNullable<Given['limits']>['memoryMegabytes'];
  /** The scratch folder, which is memory too; also the largest file. */
  scratchMegabytes?: NonNullable<Given['limits']>['scratchMegabytes'];
  /** Files in the scratch folder: the kernel keeps a kilobyte for each, however small. */
  scratchFiles?: NonNullable<Given['limits']>['scratchFiles'];
  /** Processes and threads together. Node needs about 12. */
  processes?: NonNullable<Given['limits']>['processes'];
  /** Standard output and error together; a program that writes more is stopped. */
  outputKilobytes?: NonNullable<Given['limits']>['outputKilobytes'];
  /** Programs that run at the same time. Default: one a core. */
  parallel?: NonNullable<Given['limits']>['parallel'];
}

/** What the recipe is told. All of it may be left out. */
export interface CodeOptionsInput {
  /** What the model is to do. To train one model on several, mix the recipes of each (`mixRecipes`). */
  task?: Given['task'];
  /** The language of rows that name none. */
  language?: Given['language'];
  /**
   * The k of the pass@k to report. A k needs as many sampled outputs of every row; one output, the usual, is enough for
   * 1. Empty: no program is run, and no sandbox needed.
   */
  passAt?: Given['passAt'];
  /** Run programs without a sandbox, with all of the user's rights. */
  unsafeExecution?: Given['unsafeExecution'];
  /**
   * The Python interpreter: a name on the PATH, or a path such as a virtual environment's, whose packages come along.
   */
  python?: Given['python'];
  /** A `node_modules` folder whose packages programs in JavaScript and TypeScript may load. */
  nodeModules?: Given['nodeModules'];
  /** What a program may take of time, memory and output before it is stopped. */
  limits?: ExecutionLimitsInput | undefined;
}
