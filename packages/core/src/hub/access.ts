import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Hub = typeof import('@huggingface/hub');

/** What answers about a model, or whether there is one, has this long. */
const METADATA_TIMEOUT_MS = 15_000;

/** The hub's library, and how to speak with the hub: with HF_ENDPOINT, and as whom. */
export interface HubAccess {
  readonly hub: Hub;
  readonly endpoint: string;
  /** Of calls that have to be answered soon. */
  readonly access: { readonly hubUrl: string; readonly accessToken: string; readonly fetch: typeof fetch };
}

/** Loaded here only: whoever has folders pays nothing for it. */
export async function hubAccess(signal?: AbortSignal | undefined): Promise<HubAccess> {
  const hub = await import('@huggingface/hub');
  const endpoint = (process.env.HF_ENDPOINT || hub.HUB_URL).replace(/\/+$/, '');
  const accessToken = await hubToken();
  return { hub, endpoint, access: { hubUrl: endpoint, accessToken, fetch: impatientFetch(signal) } };
}

/** HF_TOKEN; where it is not set, the token that `hf auth login` has left. An empty one is none, to the library too. */
export async function hubToken(): Promise<string> {
  const { HF_TOKEN, HF_TOKEN_PATH, HF_HOME = join(homedir(), '.cache', 'huggingface') } = process.env;
  if (HF_TOKEN !== undefined) return HF_TOKEN.trim();
  const left = await readFile(HF_TOKEN_PATH ?? join(HF_HOME, 'token'), 'utf8').catch(() => '');
  return left.trim();
}

const impatientFetch =
  (signal: AbortSignal | undefined): typeof fetch =>
  (input, init) => {
    const timeout = AbortSignal.timeout(METADATA_TIMEOUT_MS);
    return fetch(input, { ...init, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
  };
