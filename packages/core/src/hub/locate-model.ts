import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isPickle, pickled, WEIGHTS_INDEX } from '../checkpoint/safetensors/open-weights.ts';
import { downloadBlob } from './download-blob.ts';
import { explainHubError, isUnreachable, keptOffline } from './hub-error.ts';
import { essentialFiles, filesWanted, shardNames, type Wanted } from './hub-files.ts';

/** A model or adapter on this machine, and where it came from. */
export interface ResolvedModel {
  readonly folder: string;
  readonly hub?: { readonly id: string; readonly revision: string; readonly commit: string };
}

export interface DownloadProgress {
  readonly file: string;
  /** Bytes. */
  readonly done: number;
  readonly of: number;
}

type OnDownload = ((progress: DownloadProgress) => void) | undefined;
type Hub = typeof import('@huggingface/hub');

const HUB_ID = /^([\w-][\w.-]*\/[\w.-]+?)(?:@([\w./-]+))?$/;
const METADATA_TIMEOUT_MS = 15_000;
const TOKENIZER = 'tokenizer.json';

/**
 * A folder as it is; else a hub id, `org/name` or `org/name@revision`, in the cache that Python's tools share (HF_HOME,
 * HF_HUB_CACHE), with what is missing there downloaded from HF_ENDPOINT with HF_TOKEN. Without network, or with
 * HF_HUB_OFFLINE=1, what the cache holds serves. What is neither is returned as a folder, for its reader to refuse.
 * @throws {UserError} `model-unavailable` when the hub has no such model for us or cannot be reached
 */
export async function locateModel(reference: string, wanted: Wanted, onDownload?: OnDownload): Promise<ResolvedModel> {
  const [, id, revision = 'main'] = HUB_ID.exec(reference) ?? [];
  if (existsSync(reference) || id === undefined) return { folder: reference };
  // Loaded here only: whoever has folders pays nothing for it.
  const hub = await import('@huggingface/hub');
  const endpoint = (process.env.HF_ENDPOINT || hub.HUB_URL).replace(/\/+$/, '');
  const storage = join(hub.getHFHubCachePath(), hub.getRepoFolderName({ type: 'model', name: id }));
  const place = (commit: string) => ({ folder: join(storage, 'snapshots', commit), hub: { id, revision, commit } });
  const cached = await cachedCommit(storage, revision);
  const isWhole = cached !== undefined && (await holds(place(cached).folder, wanted));
  const isKeptOffline = /^(1|on|yes|true)$/i.test(process.env.HF_HUB_OFFLINE ?? '');
  const isKnown = cached === revision && (wanted !== 'adapter' || knowsTokenizer(storage, cached));
  if (isWhole && (isKnown || isKeptOffline)) return place(cached);
  if (isKeptOffline) throw keptOffline(id);
  try {
    // An empty token is none, to the library too.
    const access = { hubUrl: endpoint, fetch: impatientFetch, accessToken: process.env.HF_TOKEN ?? '' };
    const additionalFields: ('sha' | 'filePaths')[] = ['sha', 'filePaths'];
    const { sha, filePaths } = await hub.modelInfo({ name: id, revision, additionalFields, ...access });
    const request = { repo: { type: 'model' as const, name: id }, revision: sha, ...access };
    const names = filesWanted(filePaths, wanted);
    assertNoPickles(filePaths, names, { wanted, where: `${endpoint}/${id}` });
    const fetchAll = async (files: readonly string[]) => {
      for (const file of files) await fetchFile(hub, { request, storage, file, onDownload });
    };
    await fetchAll(names);
    if (names.includes(WEIGHTS_INDEX)) {
      await fetchAll(shardNames(await readFile(join(place(sha).folder, WEIGHTS_INDEX), 'utf8')));
    }
    if (!filePaths.includes(TOKENIZER)) await rememberAbsent(storage, sha, TOKENIZER);
    await remember(storage, revision, sha);
    return place(sha);
  } catch (error) {
    if (isWhole && isUnreachable(error)) return place(cached);
    throw explainHubError(error, id, endpoint);
  }
}

interface FileRequest {
  readonly request: {
    readonly repo: { type: 'model'; name: string };
    readonly revision: string;
    readonly hubUrl: string;
    readonly accessToken: string;
    readonly fetch: typeof fetch;
  };
  readonly storage: string;
  readonly file: string;
  readonly onDownload: OnDownload;
}

/** Puts one file into the cache: content under its hash in blobs/, a link to it in snapshots/. */
async function fetchFile(hub: Hub, { request, storage, file, onDownload }: FileRequest): Promise<void> {
  const pointer = join(storage, 'snapshots', request.revision, file);
  if (existsSync(pointer)) return;
  const info = await hub.fileDownloadInfo({ ...request, path: file });
  if (!info) return;
  const etag = info.etag.replace(/^W\//, '').replaceAll('"', '');
  const blob = join(storage, 'blobs', etag.replaceAll(/[^\w.-]/g, '_'));
  if (!existsSync(blob)) {
    // Plain HTTP with ranges, not the hub's chunk protocol: it can be taken up where it broke off.
    const { fetch: _, ...patient } = request;
    const open = async (from: number) => {
      const whole = await hub.downloadFile({ ...patient, path: file, downloadInfo: info, xet: false });
      if (!whole) throw new Error(`${file} has gone from the hub`);
      return from === 0 ? whole : whole.slice(from, info.size);
    };
    const onBytes = (done: number) => onDownload?.({ file, done, of: info.size });
    await downloadBlob(blob, { etag, size: info.size, open }, { name: file, onBytes });
  }
  await mkdir(dirname(pointer), { recursive: true });
  // Where links are not allowed (Windows), the file itself lies in the snapshot, as Python's tools do it.
  await symlink(relative(dirname(pointer), blob), pointer).catch(() => rename(blob, pointer));
}

const impatientFetch: typeof fetch = (input, init) =>
  fetch(input, { ...init, signal: AbortSignal.timeout(METADATA_TIMEOUT_MS) });

function assertNoPickles(
  all: readonly string[],
  names: readonly string[],
  { wanted, where }: { wanted: Wanted; where: string },
): void {
  if (wanted === 'words' || names.some((name) => /\.safetensors(\.index\.json)?$/.test(name))) return;
  if (all.some((name) => isPickle(name) || name === 'adapter_model.bin')) throw pickled(where);
}

/** The commit that a revision stood for when it was last asked for. */
async function cachedCommit(storage: string, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const reference = join(storage, 'refs', ...revision.split('/').filter((part) => part !== '..'));
  return existsSync(reference) ? (await readFile(reference, 'utf8')).trim() : undefined;
}

async function remember(storage: string, revision: string, commit: string): Promise<void> {
  if (revision === commit) return;
  const reference = join(storage, 'refs', ...revision.split('/').filter((part) => part !== '..'));
  await mkdir(dirname(reference), { recursive: true });
  await writeFile(reference, commit);
}

/**
 * Whether it is known if an adapter has a tokenizer of its own. PEFT fetches an adapter without one, and a snapshot that it
 * left looks like one that has none; what a commit does not have is noted as Python's tools note it.
 */
const knowsTokenizer = (storage: string, commit: string): boolean =>
  existsSync(join(storage, 'snapshots', commit, TOKENIZER)) ||
  existsSync(join(storage, '.no_exist', commit, TOKENIZER));

async function rememberAbsent(storage: string, commit: string, file: string): Promise<void> {
  await mkdir(join(storage, '.no_exist', commit), { recursive: true });
  await writeFile(join(storage, '.no_exist', commit, file), '');
}

/** Whether a snapshot has all that is wanted of it: Python may have fetched a part only. */
async function holds(folder: string, wanted: Wanted): Promise<boolean> {
  const index = join(folder, WEIGHTS_INDEX);
  const names = essentialFiles(wanted, existsSync(index));
  const shards = names.includes(WEIGHTS_INDEX) && existsSync(index) ? shardNames(await readFile(index, 'utf8')) : [];
  return [...names, ...shards].every((name) => existsSync(join(folder, name)));
}
