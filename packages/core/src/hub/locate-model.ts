import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPickle, pickled, WEIGHTS_INDEX } from '../checkpoint/safetensors/open-weights.ts';
import { openByteSource } from '../files/byte-source.ts';
import { makeFolder } from '../files/make-folder.ts';
import { explainWriteError } from '../files/write-error.ts';
import { shardsOf } from '../gguf/format/open-files.ts';
import { unpackGguf } from '../gguf/unpack.ts';
import type { Unpacked } from '../gguf/unpacked.ts';
import { hubAccess } from './access.ts';
import { type DownloadProgress, fetchFile } from './fetch-file.ts';
import { explainHubError, isUnreachable, keptOffline, unavailable } from './hub-error.ts';
import { essentialFiles, filesWanted, shardNames, type Wanted } from './hub-files.ts';
import { isPackageName, packagedModel } from './packaged-model.ts';

/** A model or adapter on this machine, and where it came from. */
export interface ResolvedModel {
  /** Of a GGUF the folder that stands for it. */
  readonly folder: string;
  readonly gguf?: Unpacked;
  readonly hub?: {
    readonly id: string;
    readonly revision: string;
    readonly commit: string;
    /** The GGUF file of it that was asked for. */
    readonly file?: string;
  };
}

type OnDownload = ((progress: DownloadProgress) => void) | undefined;

const HUB_GGUF = /^([\w-][\w.-]*\/[\w.-]+)\/((?:[\w-][\w.-]*\/)*[\w-][\w.-]*[.]gguf)(?:@([\w./-]+))?$/i;
const HUB_ID = /^([\w-][\w.-]*\/[\w.-]+?)(?:@([\w./-]+))?$/;
/**
 * Whether a model's name could be one of the hub: `org/name`, with a revision, or with a GGUF file in it.
 * @example
 * ```ts
 * import { isHubId } from '@counterweight/core';
 *
 * isHubId('org/name@main'); // true
 * isHubId('./models/name'); // false
 * ```
 */
export const isHubId = (reference: string): boolean => HUB_GGUF.test(reference) || HUB_ID.test(reference);

/** Files that decide what a model is asked in, and that an adapter or model may do without. */
const OPTIONAL = ['tokenizer.json', 'chat_template.jinja'];

/**
 * A folder as it is, a GGUF file as the folder that stands for it, and a package's name, `@scope/name`, as the folder in which
 * npm has installed it; else a hub id, `org/name` or `org/name@revision`, in the cache that Python's tools share (HF_HOME,
 * HF_HUB_CACHE), or one of its files, `org/name/file.gguf`, with what is missing there downloaded from HF_ENDPOINT with the hub's token. Without network, or with
 * HF_HUB_OFFLINE=1, what the cache holds serves. What is neither is returned as a folder, for its reader to refuse.
 * @throws {UserError} `model-unavailable` when no such package is installed, when the hub has no such model for us or cannot be reached
 */
export async function locateModel(
  reference: string,
  wanted: Wanted,
  options: { onDownload?: OnDownload; signal?: AbortSignal | undefined } = {},
): Promise<ResolvedModel> {
  if (wanted !== 'adapter' && (await isGguf(reference))) return locateGguf(reference, options);
  const [, id, revision = 'main'] = HUB_ID.exec(reference) ?? [];
  if (existsSync(reference)) return { folder: reference };
  if (isPackageName(reference)) return { folder: packagedModel(reference) };
  if (id === undefined) return { folder: reference };
  return locateInHub({ id, revision, wanted }, options);
}

/** By its name, or, of what is here, by what it begins with: Ollama's files have names without an ending. */
async function isGguf(reference: string): Promise<boolean> {
  const isNamed = /[.]gguf(@|$)/i.test(reference);
  const here = existsSync(reference) ? statSync(reference) : undefined;
  if (!here?.isFile() || isNamed) return isNamed && !here?.isDirectory();
  const source = await openByteSource(reference);
  const begin = new Uint8Array(4);
  await source.read(0, begin);
  await source.close();
  return Buffer.from(begin).toString() === 'GGUF';
}

/** A file here, or one of a repository with the shards beside it. */
async function locateGguf(
  reference: string,
  options: { onDownload?: OnDownload; signal?: AbortSignal | undefined },
): Promise<ResolvedModel> {
  const [, id, file, revision = 'main'] = HUB_GGUF.exec(reference) ?? [];
  if (existsSync(reference) || id === undefined || file === undefined) return unpackGguf(reference);
  const { folder, hub } = await locateInHub({ id, revision, wanted: { files: shardsOf(file) } }, options);
  return { ...(await unpackGguf(join(folder, file))), ...(hub && { hub: { ...hub, file } }) };
}

async function locateInHub(
  { id, revision, wanted }: { id: string; revision: string; wanted: Wanted },
  { onDownload, signal }: { onDownload?: OnDownload; signal?: AbortSignal | undefined },
): Promise<ResolvedModel> {
  const { hub, endpoint, access } = await hubAccess(signal);
  const storage = join(hub.getHFHubCachePath(), hub.getRepoFolderName({ type: 'model', name: id }));
  const place = (commit: string) => ({ folder: join(storage, 'snapshots', commit), hub: { id, revision, commit } });
  const cached = await cachedCommit(storage, revision);
  const isWhole = cached !== undefined && (await holds(place(cached).folder, wanted));
  const isKeptOffline = /^(1|on|yes|true)$/i.test(process.env.HF_HUB_OFFLINE ?? '');
  const isKnown = cached === revision && (typeof wanted === 'object' || knowsAll(storage, cached));
  if (isWhole && (isKnown || isKeptOffline)) return place(cached);
  if (isKeptOffline) throw keptOffline(id);
  try {
    const additionalFields: ('sha' | 'filePaths')[] = ['sha', 'filePaths'];
    const { sha, filePaths } = await hub.modelInfo({ name: id, revision, additionalFields, ...access });
    const request = { repo: { type: 'model' as const, name: id }, revision: sha, ...access };
    const names = filesWanted(filePaths, wanted);
    assertWanted(filePaths, names, { wanted, where: `${endpoint}/${id}` });
    const fetchAll = async (files: readonly string[]) => {
      for (const file of files) await fetchFile(hub, { request, storage, file, onDownload, signal });
    };
    await fetchAll(names);
    if (names.includes(WEIGHTS_INDEX)) {
      await fetchAll(shardNames(await readFile(join(place(sha).folder, WEIGHTS_INDEX), 'utf8')));
    }
    const optional = typeof wanted === 'object' ? [] : OPTIONAL;
    for (const name of optional) if (!filePaths.includes(name)) await rememberAbsent(storage, sha, name);
    await remember(storage, revision, sha);
    return place(sha);
  } catch (error) {
    signal?.throwIfAborted();
    if (isWhole && isUnreachable(error)) return place(cached);
    throw explainWriteError(explainHubError(error, id, endpoint), storage, 'folder for the cache with HF_HUB_CACHE');
  }
}

function assertWanted(
  all: readonly string[],
  names: readonly string[],
  { wanted, where }: { wanted: Wanted; where: string },
): void {
  if (typeof wanted === 'object') {
    const missing = wanted.files.find((name) => !names.includes(name));
    if (missing === undefined) return;
    const others = all.filter((name) => /[.]gguf$/i.test(name)).join(', ');
    const fix = others === '' ? 'Give the id of a repository with GGUF files.' : `Choose one of its files: ${others}.`;
    throw unavailable(where, `There is no ${missing} in this repository.`, fix);
  }
  if (wanted === 'tokenizer' || names.some((name) => /\.safetensors(\.index\.json)?$/.test(name))) return;
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
  await makeFolder(dirname(reference));
  // Aside, so that whoever reads it meanwhile reads a commit.
  const aside = `${reference}.${randomUUID()}`;
  await writeFile(aside, commit);
  await rename(aside, reference);
}

/**
 * Whether it is known of each optional file that it is there or is not. Others fetch a part of a snapshot only (PEFT an
 * adapter without its tokenizer), and what they left looks like one that has no more; what a commit does not have is noted as
 * Python's tools note it.
 */
const knowsAll = (storage: string, commit: string): boolean =>
  OPTIONAL.every((name) => ['snapshots', '.no_exist'].some((place) => existsSync(join(storage, place, commit, name))));

async function rememberAbsent(storage: string, commit: string, file: string): Promise<void> {
  await makeFolder(join(storage, '.no_exist', commit));
  await writeFile(join(storage, '.no_exist', commit, file), '');
}

/** Whether a snapshot has all that is wanted of it: Python may have fetched a part only. */
async function holds(folder: string, wanted: Wanted): Promise<boolean> {
  const index = join(folder, WEIGHTS_INDEX);
  const names = essentialFiles(wanted, existsSync(index));
  const shards = names.includes(WEIGHTS_INDEX) && existsSync(index) ? shardNames(await readFile(index, 'utf8')) : [];
  return [...names, ...shards].every((name) => existsSync(join(folder, name)));
}
