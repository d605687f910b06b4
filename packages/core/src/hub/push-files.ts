import { pathToFileURL } from 'node:url';
import { UserError } from '../errors.ts';
import { type HubAccess, hubAccess } from './access.ts';
import { isUnreachable } from './hub-error.ts';

export interface PushProgress {
  readonly file: string;
  /** Share of the file that is on the hub, 0 to 1. */
  readonly done: number;
}

export interface PushRequest {
  /** `org/name` */
  readonly id: string;
  readonly private: boolean;
  readonly title: string;
  /** By their names in the repository: a file here, or its content. */
  readonly files: Readonly<Record<string, { readonly path: string } | { readonly text: string }>>;
  readonly onProgress?: ((progress: PushProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Pushed {
  /** The model's page. */
  readonly url: string;
  readonly commit: string;
  /** The repository was made for it. */
  readonly created: boolean;
}

/**
 * Puts files into a repository of models, which is made where there is none: one commit, so that all of them are there or
 * none is.
 * @throws {UserError} `hub-refused`
 */
export async function pushFiles(request: PushRequest): Promise<Pushed> {
  const { id, title, files, onProgress, signal } = request;
  const known = await hubAccess(signal);
  const { hub, endpoint, access } = known;
  if (access.accessToken === '') throw noToken();
  try {
    const created = await ensureRepository(known, request);
    // A file takes as long as it takes.
    const { fetch: _, ...patient } = access;
    const commit = hub.commitIter({
      ...patient,
      repo: { type: 'model', name: id },
      title,
      operations: Object.entries(files).map(([path, file]) => ({
        operation: 'addOrUpdate' as const,
        path,
        content: 'path' in file ? pathToFileURL(file.path) : new Blob([file.text]),
      })),
      ...(signal && { abortSignal: signal }),
    });
    let turn = await commit.next();
    for (; !turn.done; turn = await commit.next()) {
      const event = turn.value;
      if (event.event === 'fileProgress' && event.state === 'uploading') {
        onProgress?.({ file: event.path, done: event.progress });
      }
    }
    return { url: `${endpoint}/${id}`, commit: turn.value?.commit.oid ?? '', created };
  } catch (error) {
    signal?.throwIfAborted();
    throw explainPushError(error, id, endpoint);
  }
}

/** @returns whether it was made */
async function ensureRepository(
  { hub, access, endpoint }: HubAccess,
  { id, private: isPrivate }: PushRequest,
): Promise<boolean> {
  const repo = { type: 'model' as const, name: id };
  try {
    await hub.createRepo({ ...access, repo, ...(isPrivate && { visibility: 'private' }) });
    return true;
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
  // What was to be private is not put where everybody reads it.
  if (isPrivate && !(await hub.modelInfo({ ...access, name: id })).private) {
    const fix = 'Leave --private out, choose another name, or make the repository private in its settings.';
    throw refused(`${endpoint}/${id}`, `"${id}" is there already, and is public.`, fix);
  }
  return false;
}

const refused = (where: string, problem: string, fix: string, cause?: unknown): UserError =>
  new UserError({ code: 'hub-refused', problem, where, fix, cause });

const TOKEN = 'a token that may write, from your settings on the hub (Access Tokens)';

const noToken = (): UserError =>
  refused(
    'environment variable HF_TOKEN',
    'Nothing is pushed to the hub without an access token.',
    `Set it to ${TOKEN}; or sign in with hf auth login.`,
  );

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined;

/** What the hub's refusal means, and the way out. */
function explainPushError(error: unknown, id: string, endpoint: string): unknown {
  if (error instanceof UserError) return error;
  const where = `${endpoint}/${id}`;
  if (isUnreachable(error)) {
    const fix = 'Connect to the network and run the command again: nothing is half there.';
    return refused(endpoint, 'The hub cannot be reached.', fix, error);
  }
  if (error instanceof TypeError && error.message.includes('hf_')) {
    return refused(
      'environment variable HF_TOKEN',
      'HF_TOKEN is not an access token of the hub.',
      `Set it to ${TOKEN}.`,
      error,
    );
  }
  const status = statusOf(error);
  if (status === undefined) return error;
  const said = (error as Error).message;
  if (status === 401) {
    return refused(where, `The hub does not know this access token (401): ${said}`, `Set HF_TOKEN to ${TOKEN}.`, error);
  }
  if (status === 403) {
    const owner = id.split('/')[0];
    const fix = `Set HF_TOKEN to a token that may write to ${owner}, or push to a name of your own.`;
    return refused(where, `This access token may not write here (403): ${said}`, fix, error);
  }
  const fix =
    status >= 500 || status === 429 ? 'Try again in a while: nothing is half there.' : 'Mend what the hub says.';
  return refused(where, `The hub answered with status ${status}: ${said}`, fix, error);
}
