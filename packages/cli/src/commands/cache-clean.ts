import { CACHE_KINDS, type KeptFiles } from '@counterweight/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { bytes, count, table } from '../format.ts';

/** Kinds of kept files in words. */
const WORDS: Readonly<Record<KeptFiles['kind'], string>> = {
  tokenized: 'tokenized rows',
  examples: 'rows of runs that were ended',
  gguf: 'what was read out of GGUF files',
  engines: 'TensorFlow (counterweight engine remove)',
  objects: 'models and rows out of object storage',
  sweeps: 'of sweeps in object storage: delete it when nobody works at them here',
  studio: 'tokens and jobs of studios',
  rescued: 'results of runs whose folder could not be written: yours to move or delete',
};

export const keptTable = (kept: readonly KeptFiles[]): string =>
  table(
    kept.map(({ kind, folder, files, bytes: size }) => [bytes(size), `${count(files)} files`, WORDS[kind], folder]),
  );

export const cacheClean: Command = defineCommand({
  name: 'cache clean',
  summary: 'Take away what is kept for the next run and can be made again; and say what else takes room.',
  example: 'counterweight cache clean',
  options: z.strictObject({
    dryRun: z.boolean().default(false).describe('say what would go, and leave it'),
  }),
  async run({ dryRun }, { core, terminal }) {
    const kept = await core.listKeptFiles();
    const going = kept.filter(({ kind }) => CACHE_KINDS.includes(kind));
    if (!dryRun) await core.removeKeptFiles(CACHE_KINDS);
    const staying = kept.filter((one) => !going.includes(one));
    const freed = going.reduce((sum, { bytes: size }) => sum + size, 0);
    if (going.length > 0) terminal.print(`${dryRun ? 'Would go' : 'Gone'}, ${bytes(freed)}:\n${keptTable(going)}`);
    else terminal.print('There is nothing to clean.\n');
    if (staying.length > 0) terminal.print(`Left:\n${keptTable(staying)}`);
    return { removed: dryRun ? [] : going, left: dryRun ? kept : staying, freedBytes: dryRun ? 0 : freed };
  },
});
