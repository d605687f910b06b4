import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { Tarball } from './pack.ts';

/** A registry of our packages alone, on this machine: npm is pointed to it for their scope. */
export interface Registry {
  readonly url: string;
  /** Bytes that were downloaded, by the package's name. */
  readonly downloads: ReadonlyMap<string, number>;
  close(): void;
}

export async function serveRegistry(tarballs: readonly Tarball[]): Promise<Registry> {
  const downloads = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const file = tarballs.find(({ tarball }) => path === `files/${basename(tarball)}`);
    const named = tarballs.find(({ manifest }) => path === manifest.name);
    if (file) {
      const bytes = readFileSync(file.tarball);
      downloads.set(file.manifest.name, bytes.length);
      response.end(bytes);
    } else if (named) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(described(named, url)));
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return { url, downloads, close: () => server.close() };
}

/** What npm asks of a registry before it downloads: the manifest, and where the tarball is. */
function described({ manifest, tarball }: Tarball, url: string) {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  const dist = { tarball: `${url}/files/${basename(tarball)}`, integrity };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
