import type { Check } from '../check.ts';
import type { RunSubject } from '../run-subject.ts';
import { checkpoints } from './checkpoints.ts';
import { evaluation } from './evaluation.ts';
import { inputs } from './inputs.ts';
import { log } from './log.ts';
import { outputs } from './outputs.ts';

/** The one that computes is the last. */
export const RUN_CHECKS: readonly Check<RunSubject>[] = [inputs, outputs, log, checkpoints, evaluation];
