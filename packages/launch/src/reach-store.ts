import { setTimeout as sleep } from 'node:timers/promises';
import { fetchOverHttp, UserError } from '@counterweight/core/files';

/** How long a store that does not answer is asked again: while somebody looks on, and by what works for itself. */
export const PATIENCE_SECONDS = { watched: 5, alone: 120 } as const;

export interface Reach {
  /** What is asked for, as the user wrote it. */
  readonly url: string;
  readonly patienceSeconds: number;
  /** Ends the waiting. What is asked for after it is what is to be saved at the end, and is waited for a few seconds. */
  readonly signal?: AbortSignal | undefined;
}

const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [200, 5000];

/** Answers of a store that has too much to do, or is being started again. */
const PASSING = [408, 429, 500, 502, 503, 504];
/** Answers about an object, which are its reader's to understand: it is not there, or not what was thought. */
const ABOUT_OBJECTS = [304, 404, 409, 412, 416];

/**
 * `fetch` for a client of object storage: asks again what was not answered, and says in words what nobody is going to answer
 * or what was refused. Whatever is written there may be written twice.
 * @throws {UserError} `storage-unreachable`, `storage-refused`
 */
export function reachStore({ url, patienceSeconds, signal }: Reach): typeof fetch {
  return async (input, init) => {
    const isEnding = signal?.aborted === true;
    const seconds = isEnding ? Math.min(patienceSeconds, PATIENCE_SECONDS.watched) : patienceSeconds;
    const end = Date.now() + seconds * 1000;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      const answer = await fetchOverHttp(input, init).catch((error: Error) => error);
      const isAnswered = !(answer instanceof Error) && !PASSING.includes(answer.status);
      if (isAnswered) return accepted(answer, url);
      if ((signal?.aborted && !isEnding) || Date.now() + waitMs > end) {
        throw unreachable(url, answer instanceof Error ? answer : new Error(`It says ${answer.status}`));
      }
      if (!(answer instanceof Error)) await answer.body?.cancel();
      await sleep(waitMs, undefined, isEnding ? {} : { signal }).catch(() => {});
    }
  };
}

/** What did not come though it had begun to, too. */
export function unreachable(where: string, error: Error): UserError {
  const { cause } = error;
  return new UserError({
    code: 'storage-unreachable',
    problem: `Object storage does not answer: ${cause instanceof Error ? cause.message : error.message}`,
    where,
    fix: 'Check AWS_ENDPOINT_URL, AWS_REGION and the network; or wait until it is back, and do the same again.',
    cause: error,
  });
}

export const refused = (where: string, said: string, cause?: Error): UserError =>
  new UserError({
    code: 'storage-refused',
    problem: `Object storage refuses: ${said}`,
    where,
    fix: 'Check the address, AWS_REGION, AWS_ENDPOINT_URL, and that the key is right and may do it.',
    ...(cause && { cause }),
  });

async function accepted(answer: Response, url: string): Promise<Response> {
  const { ok, status, statusText, headers } = answer;
  if (ok || (ABOUT_OBJECTS.includes(status) && status !== 404)) return answer;
  const text = await answer.text().catch(() => '');
  const [code, message] = ['Code', 'Message'].map((name) => new RegExp(`<${name}>([^<]+)`).exec(text)?.[1]);
  // Where no bucket is, nothing is that could be missing.
  if (status === 404 && code !== 'NoSuchBucket') return new Response(text, { status, statusText, headers });
  throw refused(url, [code ?? `${status} ${statusText}`, message].filter(Boolean).join(': '));
}
