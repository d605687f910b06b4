import { UserError, type UserErrorCode } from '../errors.ts';

/** One thing that was compared. */
export interface Difference {
  /** As the check measures it; 0 where nothing differs. */
  readonly difference: number;
  /** What it was between, with both values: `completion loss: 2.3145 and 2.4001`. */
  readonly found: string;
}

/** What was compared, in the order in which it is told; or why nothing could be. */
export type Measured = readonly Difference[] | { readonly skipped: string };

/** Something that is to be the same, computed in two ways. */
export interface Check<Subject> {
  readonly name: string;
  /** What is to be the same, in a few words. */
  readonly claim: string;
  /** The largest difference that passes. */
  readonly tolerance: (subject: Subject) => number;
  /** Why that much. */
  readonly reason: string;
  /** What it means for who trains, where the difference is larger. */
  readonly meaning: string;
  measure(subject: Subject): Promise<Measured>;
}

export interface CheckResult {
  readonly name: string;
  readonly claim: string;
  /** Null where the check could not be made: see `skipped`. */
  readonly pass: boolean | null;
  /** The largest that was found; null where there is no number for it. */
  readonly difference: number | null;
  /** The largest that passes, and why that much. */
  readonly tolerance: number;
  readonly reason: string;
  /** Where it did not pass: the first thing that differs, with its size, */
  readonly found?: string;
  /** and what that means. */
  readonly meaning?: string;
  /** Why it could not be made. */
  readonly skipped?: string;
}

export interface Verification {
  /** Whether none of the checks that could be made failed. */
  readonly pass: boolean;
  readonly checks: readonly CheckResult[];
}

export interface CheckHooks {
  /** Stops between two checks; the reason of the abort is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Before each check: its name, how many are done, and of how many. */
  readonly onProgress?: ((name: string, done: number, of: number) => void) | undefined;
  /** After each check. */
  readonly onCheck?: ((result: CheckResult) => void) | undefined;
}

/** Makes the checks one after the other. @throws the signal's reason, and what says that nothing can be checked here */
export async function makeChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  { signal, onProgress, onCheck }: CheckHooks,
): Promise<Verification> {
  const results: CheckResult[] = [];
  for (const [done, check] of checks.entries()) {
    signal?.throwIfAborted();
    onProgress?.(check.name, done, checks.length);
    const measured = await check.measure(subject).catch((error: unknown) => {
      signal?.throwIfAborted();
      return unmeasured(error);
    });
    const result = judge(check, check.tolerance(subject), measured);
    results.push(result);
    onCheck?.(result);
  }
  return { pass: results.every(({ pass }) => pass !== false), checks: results };
}

/** What this machine does not have, which is no fault of what is checked. */
const LACKING: ReadonlySet<UserErrorCode> = new Set(['engine-unavailable', 'memory-exceeded', 'output-unwritable']);

/** What breaks on the way has not passed. */
function unmeasured(error: unknown): Measured {
  if (error instanceof UserError && LACKING.has(error.code)) return { skipped: error.problem };
  const message = error instanceof UserError ? error.problem : error instanceof Error ? error.message : String(error);
  return [{ difference: Number.NaN, found: `it came to no end: ${message}` }];
}

function judge<Subject>(
  { name, claim, reason, meaning }: Check<Subject>,
  tolerance: number,
  measured: Measured,
): CheckResult {
  const result = (pass: boolean | null, difference: number | null) => ({
    ...{ name, pass, difference },
    ...{ claim, tolerance, reason },
  });
  if ('skipped' in measured) return { ...result(null, null), skipped: measured.skipped };
  const largest = measured.reduce((most, one) => Math.max(most, one.difference), 0);
  const difference = Number.isFinite(largest) ? largest : null;
  // What is not a number is not within anything.
  const beyond = measured.find((one) => !(one.difference <= tolerance));
  return beyond ? { ...result(false, difference), found: beyond.found, meaning } : result(true, difference);
}
