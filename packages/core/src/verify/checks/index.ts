import type { Check } from '../check.ts';
import type { Subject } from '../subject.ts';
import { accumulation } from './accumulation.ts';
import { batchSize } from './batch-size.ts';
import { engines } from './engines.ts';
import { exported } from './export.ts';
import { merged } from './merged.ts';
import { packing } from './packing.ts';
import { full, masked } from './prompt-weight.ts';
import { recomputation } from './recomputation.ts';
import { resume } from './resume.ts';
import { sharedPrefix } from './shared-prefix.ts';

/** Those that read a model's step first: they share what it comes to. */
export const CHECKS: readonly Check<Subject>[] = [
  batchSize,
  accumulation,
  packing,
  sharedPrefix,
  recomputation,
  masked,
  full,
  engines,
  resume,
  merged,
  exported,
];
