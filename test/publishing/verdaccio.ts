import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** verdaccio-audit asks for node-fetch by a tag, which mirrors of npm's registry may not have. We ask for no audit. */
const PROJECT = {
  private: true,
  dependencies: { verdaccio: '6.10.4' },
  overrides: { 'verdaccio-audit': { 'node-fetch': '2.7.0' } },
};
const STARTS_WITHIN_MS = 60_000;

/** npm's registry as its users have it, on this machine: what is published here, and all else from npm's own. */
export interface Registry {
  readonly url: string;
  /** Of one who may publish. */
  readonly token: string;
  stop(): void;
}

/** Verdaccio cannot be installed here, or what this machine has for npm's registry does not answer. */
export class NoRegistry extends Error {}

/**
 * Installs Verdaccio into `folder/verdaccio` and starts it there, empty.
 * @throws {NoRegistry} where that cannot be done
 */
export async function startRegistry(folder: string): Promise<Registry> {
  const home = join(folder, 'verdaccio');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify(PROJECT));
  const npm = (...args: string[]) =>
    execFileSync('npm', args, { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  let upstream: string;
  try {
    npm('install', '--no-audit', '--no-fund', '--loglevel', 'error');
    upstream = npm('config', 'get', 'registry').trim();
  } catch (error) {
    throw new NoRegistry(`Verdaccio cannot be installed: ${(error as Error).message}`, { cause: error });
  }
  const url = `http://localhost:${await freePort()}`;
  writeFileSync(join(home, 'config.yaml'), configuration(upstream));
  const server = spawn(
    process.execPath,
    ['node_modules/verdaccio/bin/verdaccio', '--config', 'config.yaml', '--listen', url],
    { cwd: home, stdio: 'ignore' },
  );
  try {
    await answering(url, server);
    return { url: `${url}/`, token: await signUp(url), stop: () => server.kill() };
  } catch (error) {
    server.kill();
    throw error;
  }
}

/** What is not published here comes from upstream, except our own names: they must never be somebody else's. */
const configuration = (upstream: string): string => `
storage: ./storage
auth: { htpasswd: { file: ./htpasswd, max_users: 1 } }
uplinks: { npm: { url: ${JSON.stringify(upstream)}, maxage: 1h, timeout: 60s } }
packages:
  '@counterweight/*': { access: $all, publish: $authenticated }
  '{create-counterweight-recipe,counterweight-recipe-*}': { access: $all, publish: $authenticated }
  '**': { access: $all, proxy: npm }
max_body_size: 50mb
log: { type: stdout, level: fatal }
web: { enable: false }
`;

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (const began = performance.now(); performance.now() - began < STARTS_WITHIN_MS; await sleep(200)) {
    if (server.exitCode !== null) throw new NoRegistry(`Verdaccio ended with ${server.exitCode}`);
    const answer = await fetch(`${url}/-/ping`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new NoRegistry(`Verdaccio does not answer within ${STARTS_WITHIN_MS / 1000} s`);
}

async function signUp(url: string): Promise<string> {
  const answer = await fetch(`${url}/-/user/org.couchdb.user:publisher`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'publisher', password: crypto.randomUUID() }),
  });
  const { token } = (await answer.json()) as { readonly token?: string };
  if (token === undefined) throw new NoRegistry(`Verdaccio makes no account: ${answer.status}`);
  return token;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
