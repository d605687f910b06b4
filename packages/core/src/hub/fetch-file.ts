import { existsSync } from 'node:fs';
import { rename, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fetchOverHttp } from '../files/fetch-over-http.ts';
import { waitForLock } from '../files/lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { downloadBlob } from './download-blob.ts';

type Hub = typeof import('@huggingface/hub');

export interface DownloadProgress {
  readonly file: string;
  /** Bytes. */
  readonly done: number;
  readonly of: number;
}

export interface FileRequest {
  readonly request: {
    readonly repo: { type: 'model'; name: string };
    readonly revision: string;
    readonly hubUrl: string;
    readonly accessToken: string;
    readonly fetch: typeof fetch;
  };
  /** The repository's folder in the cache. */
  readonly storage: string;
  readonly file: string;
  readonly onDownload: ((progress: DownloadProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Puts one file into the cache: content under its hash in blobs/, a link to it in snapshots/. Of several processes that
 * want it one fetches it; the others wait, and find it there.
 */
export async function fetchFile(hub: Hub, wanted: FileRequest): Promise<void> {
  const { request, storage, file, signal } = wanted;
  const pointer = join(storage, 'snapshots', request.revision, file);
  if (existsSync(pointer)) return;
  const info = await hub.fileDownloadInfo({ ...request, path: file });
  if (!info) return;
  const etag = info.etag.replace(/^W\//, '').replaceAll('"', '');
  const name = etag.replaceAll(/[^\w.-]/g, '_');
  const blob = join(storage, 'blobs', name);
  // Beside the locks of Python's tools, which are of another kind and stay there.
  const locks = join(dirname(storage), '.locks', basename(storage));
  for (const folder of [dirname(blob), dirname(pointer), locks]) await makeFolder(folder);
  const lock = await waitForLock(join(locks, `${name}.counterweight`), signal);
  try {
    if (existsSync(pointer)) return;
    if (!existsSync(blob)) {
      const open = (from: number) => openAt(hub, wanted, { info, from });
      const onBytes = (done: number) => wanted.onDownload?.({ file, done, of: info.size });
      await downloadBlob(blob, { etag, size: info.size, open }, { name: file, onBytes, signal });
    }
    await link(pointer, blob);
  } finally {
    await lock.release();
  }
}

type DownloadInfo = NonNullable<Awaited<ReturnType<Hub['fileDownloadInfo']>>>;

/** The content from a byte on. Plain HTTP with ranges, not the hub's chunk protocol: it can be taken up where it broke off. */
async function openAt(
  hub: Hub,
  { request, file }: FileRequest,
  { info, from }: { info: DownloadInfo; from: number },
): Promise<Blob> {
  // However long it takes.
  const patient = { ...request, fetch: fetchOverHttp };
  const whole = await hub.downloadFile({ ...patient, path: file, downloadInfo: info, xet: false });
  if (!whole) throw new Error(`${file} has gone from the hub`);
  return from === 0 ? whole : whole.slice(from, info.size);
}

/** Where links are not allowed (Windows), the file itself lies in the snapshot, as Python's tools do it. */
async function link(pointer: string, blob: string): Promise<void> {
  try {
    await symlink(relative(dirname(pointer), blob), pointer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rename(blob, pointer);
  }
}
