import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_SYSTEMS, sweepManifest } from '@counterweight/launch';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { executorOptions, jobOf, jobOptions, kubernetesOptions, launchers } from '../launch-options.ts';
import { cancel } from '../launch-sweep.ts';
import { folderOption } from '../sweep-options.ts';
import { openPlannedSweep } from '../sweep-place.ts';

export const sweepPrint: Command = defineCommand({
  name: 'sweep print',
  summary: 'For a sweep that is planned: print what to submit to a cluster by hand.',
  example: 'counterweight sweep print sweeps/first --for slurm --max-jobs 12 > sweep.sbatch',
  options: z.strictObject({
    sweep: folderOption,
    for: z.enum(MANIFEST_SYSTEMS).describe('what it is for'),
    ...jobOptions,
  }),
  argument: 'sweep',
  async run({ sweep: folder, for: system, ...options }, context) {
    const { core, terminal } = context;
    const { name: sweep, folder: here, stored } = await openPlannedSweep(folder, context);
    const { trials } = await core.readSweep(here);
    const { partition, sbatch, image, claim, secret } = options;
    const isPlaced = [image, claim, secret].some((option) => option !== undefined);
    const manifest = sweepManifest(system, {
      ...{ sweep, trials },
      ...jobOf(system, options),
      slurm: { partition, sbatch },
      ...(isPlaced && { kubernetes: kubernetesOptions(options, stored !== undefined) }),
    });
    // Where its tasks write: Slurm makes no folders.
    if (!stored) await mkdir(join(sweep, 'logs'), { recursive: true });
    terminal.print(manifest);
    if (system === 'kubernetes' && !isPlaced) {
      const what = stored ? 'secret' : 'volume claim';
      const flag = stored ? 'secret' : 'claim';
      terminal.note(`note: put your image and your ${what} in, or give --image and --${flag}`);
    }
    return { manifest };
  },
});

export const sweepCancel: Command = defineCommand({
  name: 'sweep cancel',
  summary: 'End what sweep --launch has submitted: trials save what they have, and can be gone on with.',
  example: 'counterweight sweep cancel sweeps/first --launch slurm',
  options: z.strictObject({
    sweep: folderOption,
    launch: z.enum(launchers).describe('where it was submitted'),
    ...executorOptions,
  }),
  argument: 'sweep',
  async run({ sweep: folder, launch, ...options }, context) {
    const place = await openPlannedSweep(folder, context);
    const { done, trials } = await context.core.readSweep(place.folder);
    await cancel(place, launch, options, context);
    context.terminal.print(`Cancelled. ${done.length} of ${trials} trials are done.\n`);
    return { sweep: place.name, trials, done: done.length };
  },
});
