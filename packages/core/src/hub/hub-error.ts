import { UserError } from '../errors.ts';

export const unavailable = (where: string, problem: string, fix: string, cause?: unknown) =>
  new UserError({ code: 'model-unavailable', problem, where, fix, cause });

const LOCAL = 'or give a folder that holds the model.';

/** HF_HUB_OFFLINE is set, and the cache does not hold all that is needed. */
export const keptOffline = (id: string): UserError =>
  unavailable(
    'environment variable HF_HUB_OFFLINE',
    `"${id}" is not whole in the cache, and HF_HUB_OFFLINE forbids to download it.`,
    `Unset HF_HUB_OFFLINE and run the command again, ${LOCAL}`,
  );

/** No answer at all: no network, a wrong address, or a server that takes too long. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof Error && (error.message === 'fetch failed' || error.name === 'TimeoutError');

/** What the hub's refusal means, and the way out. */
export function explainHubError(error: unknown, id: string, endpoint: string): unknown {
  if (error instanceof UserError) return error;
  if (isUnreachable(error)) {
    const problem = `The hub cannot be reached, and "${id}" is not whole in the cache.`;
    return unavailable(endpoint, problem, `Connect to the network and run the command again, ${LOCAL}`, error);
  }
  if (error instanceof TypeError && error.message.includes('hf_')) {
    const fix = 'Set it to an access token from your settings on the hub, or unset it.';
    return unavailable('environment variable HF_TOKEN', 'HF_TOKEN is not an access token of the hub.', fix, error);
  }
  if (error instanceof SyntaxError) {
    const fix = 'Check HF_ENDPOINT, and whether the network wants you to sign in first.';
    return unavailable(endpoint, 'What answers here is not the hub: it sends no JSON.', fix, error);
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined;
  if (status === undefined) return error;
  const said = (error as Error).message;
  const where = `${endpoint}/${id}`;
  if (status === 401 || status === 403) {
    const fix = `Check the name; accept the model's conditions on its page, and set HF_TOKEN to a token that may read it, ${LOCAL}`;
    return unavailable(where, `"${id}" does not exist, or is not open to you (${status}): ${said}`, fix, error);
  }
  if (status === 404) {
    return unavailable(where, `"${id}" was not found: ${said}`, `Check name and revision, ${LOCAL}`, error);
  }
  return unavailable(where, `The hub answered with status ${status}: ${said}`, 'Try again in a while.', error);
}
