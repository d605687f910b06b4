import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SweepAnalysis, SweepPlan } from '@counterweight/core';

/** What `collect.ts` has kept of a sweep. */
export interface Result {
  readonly version: string;
  readonly processor: string;
  readonly cores: number;
  /** From the first trial to the last. */
  readonly minutes: number;
  /** Of all trials together. */
  readonly computedSeconds: number;
  readonly plan: Omit<SweepPlan, 'command'>;
  readonly failed: readonly { readonly id: string; readonly message: string }[];
  readonly trials: readonly {
    readonly stage: string;
    readonly seed: number;
    readonly outcomes: Record<string, number>;
  }[];
  readonly analysis: SweepAnalysis;
}

export const readResult = (name: string): Result =>
  JSON.parse(gunzipSync(readFileSync(new URL(`results/${name}.json.gz`, import.meta.url))).toString());
