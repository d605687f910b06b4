/** What is stopped has this long to leave things tidy. */
const graceMs = 1000;

/**
 * What a command comes to; after a signal it is waited for a moment only, and the abort's reason is thrown.
 * @param hasToSave whether it has something to save, and is waited for as long as that takes
 */
export function untilStopped<Result>(
  result: Promise<Result>,
  signal: AbortSignal,
  hasToSave: () => boolean = () => false,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      if (!hasToSave()) reject(signal.reason);
    };
    const onAbort = () => setTimeout(leave, graceMs);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
