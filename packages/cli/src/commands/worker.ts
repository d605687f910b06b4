import { resolve } from 'node:path';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { placeOptions } from '../sweep-options.ts';
import { ofOneTrial, workOptions } from '../work-one-trial.ts';

export const worker: Command = defineCommand({
  name: 'worker',
  summary: 'Do one trial of a sweep, or go on with it: what every launcher on a cluster starts.',
  example: 'counterweight worker sweeps/first/planned/0123456789abcdef.json',
  options: z.strictObject({
    trial: z
      .string()
      .min(1)
      .describe('a file in the folder "planned" of a sweep, which sweep plan writes; or the folder of the trial')
      .meta({ placeholder: 'trial' }),
    ...placeOptions,
  }),
  argument: 'trial',
  savesWhenStopped: true,
  async run({ trial: file, ...places }, context) {
    const { core, cwd } = context;
    const path = resolve(cwd, file);
    const { sweep, trial } = await core.readPlannedTrial(path);
    const options = await workOptions(sweep, places, context);
    return ofOneTrial({ sweep, trial: trial.id }, context, (onEvent) => core.workTrial({ ...options, onEvent }, path));
  },
});
