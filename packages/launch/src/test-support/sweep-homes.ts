import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { SweepPlan, Trial } from '@counterweight/core';
import type { LaunchRecord } from '../launch-record.ts';
import { LAUNCHES, type LaunchedSweep, sweepInFolder } from '../launched-sweep.ts';
import { openStoredSweep } from '../sweep-in-store.ts';
import type { Leave } from './fake-executor.ts';
import { type ObjectServer, startObjectServer } from './object-server.ts';

/** A sweep of four trials. */
export const plan: SweepPlan = {
  format: 1,
  recipe: { name: 'plain', options: {} },
  metrics: [],
  training: { epochs: 2, templateDate: '2026-01-31' },
  axes: { promptLossWeight: [0, 1] },
  seeds: [0, 1],
  inputs: { data: [], evalData: [], model: [], adapter: [], tokenizer: [] },
  rows: { generationRatio: 0.1, train: 8, validation: 1, test: 1 },
  neutral: 'cc',
  margins: {},
};

/** Where sweeps of a test lie. */
export interface SweepHome {
  /** A sweep that is planned. */
  newSweep(plan: SweepPlan): Promise<LaunchedSweep>;
  /** As another machine sees it, which knows nothing of it. */
  elsewhere(sweep: LaunchedSweep): Promise<LaunchedSweep>;
  /** What a worker is started with for a trial. */
  readTrial(item: string): Trial;
  readonly leave: Leave;
  /** What is in a file of the sweep. */
  read(sweep: LaunchedSweep, name: string): Promise<string | undefined>;
  recordOf(sweep: LaunchedSweep): Promise<LaunchRecord>;
  readonly server?: ObjectServer;
  remove(): Promise<void>;
}

const FILE_OF_TRIAL = 'planned';
const folderOf = (item: string): string => join(dirname(dirname(item)), 'trials', basename(item, '.json'));

export async function sweepsInFolders(): Promise<SweepHome> {
  const root = await mkdtemp(join(tmpdir(), 'counterweight-launch-'));
  const read = (sweep: LaunchedSweep, name: string) =>
    readFile(join(sweep.folder, name), 'utf8').catch(() => undefined);
  let sweeps = 0;
  return {
    async newSweep(plan) {
      const folder = join(root, `${sweeps++}`);
      await mkdir(folder);
      await writeFile(join(folder, 'sweep.json'), JSON.stringify(plan));
      return sweepInFolder(folder);
    },
    elsewhere: async ({ folder }) => sweepInFolder(folder),
    readTrial: (item) => JSON.parse(readFileSync(item, 'utf8')) as Trial,
    async leave(item, name, value) {
      await mkdir(folderOf(item), { recursive: true });
      await writeFile(join(folderOf(item), name), JSON.stringify(value));
    },
    read,
    recordOf: async (sweep) => JSON.parse((await read(sweep, LAUNCHES)) ?? '') as LaunchRecord,
    remove: () => rm(root, { recursive: true }),
  };
}

/** In a store of the test's own, each machine with a folder of its own. */
export async function sweepsInStore(): Promise<SweepHome> {
  const root = await mkdtemp(join(tmpdir(), 'counterweight-launch-'));
  const server = await startObjectServer();
  const { COUNTERWEIGHT_HOME: before } = process.env;
  let [sweeps, machines] = [0, 0];
  const open = async (url: string): Promise<LaunchedSweep> => {
    process.env.COUNTERWEIGHT_HOME = join(root, `machine-${machines}`);
    // Looked at as often as a folder; and what does not answer is for the launcher to ask again.
    return { ...(await openStoredSweep(url, { env: server.env })), lookSeconds: 0 };
  };
  const key = ({ name }: LaunchedSweep) => name.slice('s3://lab/'.length);
  const local = new Map<string, LaunchedSweep>();
  return {
    server,
    async newSweep(plan) {
      const url = `s3://lab/sweeps/${sweeps++}`;
      server.write(`${url.slice('s3://lab/'.length)}/sweep.json`, JSON.stringify(plan));
      const sweep = await open(url);
      local.set(url, sweep);
      return sweep;
    },
    elsewhere({ name }) {
      machines++;
      return open(name);
    },
    readTrial(item) {
      const sweep = local.get(dirname(dirname(item)).replace('s3:/lab', 's3://lab'))?.folder ?? '';
      return JSON.parse(readFileSync(join(sweep, FILE_OF_TRIAL, basename(item)), 'utf8')) as Trial;
    },
    leave: async (item, name, value) =>
      void server.write(`${folderOf(item.slice('s3://lab/'.length))}/${name}`, JSON.stringify(value)),
    read: async (sweep, name) => server.objects.get(`${key(sweep)}/${name}`)?.text,
    recordOf: async (sweep) => server.json(`${key(sweep)}/${LAUNCHES}`).progress as LaunchRecord,
    async remove() {
      server.stop();
      if (before === undefined) delete process.env.COUNTERWEIGHT_HOME;
      else process.env.COUNTERWEIGHT_HOME = before;
      await rm(root, { recursive: true });
    },
  };
}
