/**
 * Times that never come twice nor go back, also where the machine's clock does.
 * @param earlier times that were given before: ISO 8601, UTC, as those that it gives
 */
export function openClock(earlier: readonly string[], now: () => number = Date.now): () => string {
  let last = Math.max(0, ...earlier.map((time) => Date.parse(time)));
  return () => {
    last = Math.max(now(), last + 1);
    return new Date(last).toISOString();
  };
}
