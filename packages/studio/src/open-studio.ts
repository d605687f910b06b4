import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { counterweightHome, UserError } from '@counterweight/core';
import { explainWriteError, makeFolder } from '@counterweight/core/files';
import { type ServerType, serve } from '@hono/node-server';
import { createPreviewer } from './draft/preview-draft.ts';
import type { Roots } from './folder/inside.ts';
import { createRecordReader } from './folder/run-records.ts';
import { openJobs } from './jobs/open-jobs.ts';
import { createApp } from './server/app.ts';
import type { Studio } from './server/studio.ts';
import { keptToken } from './server/token.ts';

export interface StudioOptions {
  /** Where rows, models and runs lie; runs are written into `runs/` in it. */
  readonly folder: string;
  /** More folders with models. */
  readonly models?: readonly string[] | undefined;
  /** Recipes to choose from: names and packages, as found from the folder or beside the program, or absolute paths. */
  readonly recipes: readonly string[];
  /** The command line that trains, and what Node is told for it: `[process.execPath, 'main.js']`. */
  readonly program: readonly string[];
  /** 0 takes one that is free. Default: 4747, or a free one where that is taken. */
  readonly port?: number | undefined;
  /** Trainings and sweeps at the same time; the others wait. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Bytes of a dropped file at most. Default: 512 MB. */
  readonly uploadLimit?: number | undefined;
}

export interface OpenedStudio {
  /** With the token that lets in. */
  readonly address: string;
  /** Leaves what is running alone: it is found again. */
  close(): Promise<void>;
}

/** A number that is easily remembered, and registered for nothing. */
const USUAL_PORT = 4747;
const UPLOAD_LIMIT = 512e6;

/**
 * Opens the studio: a server for this machine alone, and the queue of its jobs.
 * @throws {UserError} `file-not-found` for a folder that is not there, `studio-in-use` where another studio has it open,
 *   `option-invalid` for a port that is taken, `output-unwritable` for a folder that cannot be written to
 * @example
 * ```ts
 * import { openStudio } from '@counterweight/studio';
 *
 * const studio = await openStudio({ folder: '.', recipes: ['plain'], program: [process.execPath, 'node_modules/.bin/counterweight'] });
 * console.log(studio.address);
 * ```
 */
export async function openStudio(options: StudioOptions): Promise<OpenedStudio> {
  const { recipes, program, concurrency = 1, uploadLimit = UPLOAD_LIMIT } = options;
  const roots = rootsOf(options);
  const own = ownFolderOf(roots[0]);
  const token = await makeFolder(own)
    .then(() => keptToken(join(own, 'token')))
    .catch((error: unknown) => {
      throw explainWriteError(error, own, 'folder');
    });
  const jobs = await openJobs({ folder: own, program, cwd: roots[0], concurrency });
  let port = 0;
  const recipeSources = { cwd: roots[0], program: pathToFileURL(resolve(program.at(-1) ?? '')).href };
  const previewer = createPreviewer(recipeSources);
  const readRun = createRecordReader();
  const studio: Studio = { roots, jobs, previewer, readRun, program, recipes, recipeSources, uploadLimit };
  const app = createApp(studio, { token, port: () => port });
  try {
    const server = await listen(app.fetch, options.port);
    port = (server.address() as AddressInfo).port;
    return {
      address: `http://127.0.0.1:${port}/?token=${token}`,
      async close() {
        if ('closeAllConnections' in server) server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        previewer.close();
        await jobs.close();
      },
    };
  } catch (error) {
    await jobs.close();
    throw error;
  }
}

/**
 * Where the studio keeps its token and its jobs: not in the folder that it is about, which may come from anywhere, and would
 * bring jobs that somebody else has written.
 */
const ownFolderOf = (folder: string): string =>
  join(counterweightHome(), 'studio', createHash('sha256').update(folder).digest('hex').slice(0, 16));

/** Folders with no link left in their paths. */
function rootsOf({ folder, models = [] }: StudioOptions): Roots {
  const real = (path: string) => {
    try {
      return realpathSync(resolve(path));
    } catch {
      throw new UserError({
        code: 'file-not-found',
        problem: 'There is no such folder.',
        where: path,
        fix: 'Give one that is there.',
      });
    }
  };
  return [real(folder), ...models.map(real)];
}

type Fetch = Parameters<typeof serve>[0]['fetch'];

/** At the port that was asked for; without one, at the usual one if that is free. */
async function listen(fetch: Fetch, port: number | undefined): Promise<ServerType> {
  try {
    return await listenAt(fetch, port ?? USUAL_PORT);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (port === undefined) return listenAt(fetch, 0);
    throw new UserError({
      code: 'option-invalid',
      problem: `Something else listens at port ${port}.`,
      where: '--port',
      fix: 'Take another one, or leave it out.',
      cause: error,
    });
  }
}

const listenAt = (fetch: Fetch, port: number): Promise<ServerType> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1' }, () => resolve(server));
    server.once('error', reject);
  });
