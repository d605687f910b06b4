import { writeFileSync } from 'node:fs';
import { beforeAll, vi } from 'vitest';
import { plain } from '../recipe/plain.ts';
import type { CheckResult } from '../verify/check.ts';
import { type VerifyOptions, verify } from '../verify.ts';
import { enginesToTest } from './engines.ts';
import { temporaryFolder } from './folder.ts';

/** Verifications of the real model on twenty rows, short and long ones. */

// A dozen steps each, on WebAssembly where there is nothing else.
vi.setConfig({ testTimeout: 120_000 });

export const model = new URL('../../../../models/stories260k', import.meta.url).pathname;
export const path = temporaryFolder();
export const engines = await enginesToTest();

beforeAll(() => {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    prompt: `There ${'was a dog, '.repeat(i % 3)}were ${i} cats`,
    completion: ` and ${i * i} dogs`,
  }));
  writeFileSync(path('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

export type Training = NonNullable<VerifyOptions<never>['training']>;

export const verified = (training: Training = {}, options: object = {}) =>
  verify({
    recipe: plain(),
    model,
    engine: engines.at(-1),
    data: path('rows.jsonl'),
    training: {
      ...(training.promptLossFraction === undefined && { promptLossWeight: 0.1 }),
      ...{ cache: false, ...training },
    },
    ...options,
  });

export const failed = (checks: readonly CheckResult[]) => checks.filter(({ pass }) => pass === false);
