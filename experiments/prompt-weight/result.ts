import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SweepAnalysis, SweepPlan } from '@counterweight/core';
import { regimes } from './regimes.ts';

/** What `collect.ts` has kept of a sweep. */
export interface Result {
  readonly version: string;
  readonly processor: string;
  readonly cores: number;
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

const folder = new URL('results/', import.meta.url);
const ENDING = '.json.gz';

/** The experiments that have been run to their end, in the order of `regimes`. */
export function resultNames(): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  const known = Object.keys(regimes);
  return files.map((file) => file.slice(0, -ENDING.length)).sort((a, b) => known.indexOf(a) - known.indexOf(b));
}

export const readResult = (name: string): Result =>
  JSON.parse(gunzipSync(readFileSync(new URL(`${name}${ENDING}`, folder))).toString());
