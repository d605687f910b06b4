import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download, listObjects, openPlace, storageAccess } from './bucket.ts';
import { type ObjectServer, startObjectServer } from './test-support/object-server.ts';

let server: ObjectServer;
beforeEach(async () => {
  server = await startObjectServer();
});
afterEach(() => server.stop());

const ADDRESS = 's3://lab/sweep';
/** Asks once. */
const once = (env: Readonly<Record<string, string>> = server.env, address = ADDRESS) =>
  openPlace(address, env, { patienceSeconds: 0 });

describe('object storage', () => {
  it('that is away for a moment is asked again', async () => {
    server.fail({ status: 503 }, { isLost: true });
    expect(await listObjects(openPlace(ADDRESS, server.env), '')).toEqual([]);
    expect(server.requests()).toBe(3);
  });

  it('is waited for until somebody says stop; what is saved then is waited for too', async () => {
    const stop = new AbortController();
    const place = openPlace(ADDRESS, server.env, { signal: stop.signal, patienceSeconds: 600 });
    server.failAlways({ status: 503 });
    const waiting = listObjects(place, '');
    await expect.poll(() => server.requests()).toBeGreaterThan(0);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'storage-unreachable' });
    server.failAlways({});
    server.fail({ status: 503 });
    await place.store.putObject('sweep/x', 'saved');
    expect(server.objects.get('sweep/x')?.text).toBe('saved');
  });

  it.each([
    ['has too much to do', () => server.failAlways({ status: 503 }), 'It says 503'],
    ['breaks off', () => server.failAlways({ isLost: true }), 'socket hang up'],
    ['is not there', () => server.stop(), 'ECONNREFUSED'],
  ])('that %s is named, with where and what to do', async (_, fail, said) => {
    fail();
    const asked = listObjects(once(), '');
    await expect(asked).rejects.toMatchObject({
      code: 'storage-unreachable',
      problem: expect.stringContaining(said),
      where: `${ADDRESS} at ${server.env.AWS_ENDPOINT_URL}`,
      fix: expect.stringContaining('AWS_ENDPOINT_URL'),
    });
  });

  it.each([
    [403, 'InvalidAccessKeyId'],
    [403, 'SignatureDoesNotMatch'],
    [301, 'PermanentRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
    [501, 'NotImplemented'],
  ])('that says %i %s is asked once, and quoted', async (status, code) => {
    server.failAlways({ status, code });
    const place = openPlace(ADDRESS, server.env);
    const refusal = { code: 'storage-refused', problem: `Object storage refuses: ${code}: No.` };
    await expect(listObjects(place, '')).rejects.toMatchObject(refusal);
    await expect(place.store.putObject('x', 'y')).rejects.toMatchObject(refusal);
    await expect(place.store.getObjectResponse('x')).rejects.toMatchObject(refusal);
    expect(server.requests()).toBe(3);
  });

  it('without the bucket is told from one without the object', async () => {
    expect(await once().store.getObjectResponse('none')).toBeNull();
    const { store } = once(server.env, 's3://other/sweep');
    await expect(store.getObjectResponse('none')).rejects.toThrow('NoSuchBucket');
    await expect(listObjects(once(server.env, 's3://other/sweep'), '')).rejects.toThrow('NoSuchBucket');
  });

  it('that is something else is named', async () => {
    const page = createServer((_, response) => response.end('Hello'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const { port } = page.address() as AddressInfo;
    const place = once({ ...server.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    await expect(listObjects(place, '')).rejects.toMatchObject({ code: 'storage-refused' });
    page.close();
  });

  it('that breaks off in the middle of an object leaves no part of it', async () => {
    const short = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('begin');
      setTimeout(() => response.destroy(), 20);
    });
    await new Promise<void>((resolve) => short.listen(0, '127.0.0.1', resolve));
    const { port } = short.address() as AddressInfo;
    const place = once({ ...server.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    const folder = await mkdtemp(join(tmpdir(), 'counterweight-store-'));
    const fetched = download(place, 'sweep/x', join(folder, 'x'));
    await expect(fetched).rejects.toMatchObject({ code: 'storage-unreachable' });
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
    short.close();
  });

  it('wants a lasting key', () => {
    const env = { ...server.env, AWS_SESSION_TOKEN: 'for an hour' };
    expect(() => openPlace(ADDRESS, env)).toThrow('A key that is for some hours only');
    expect(storageAccess({ ...env, PATH: '/bin', AWS_REGION: '' })).toEqual(server.env);
  });
});
