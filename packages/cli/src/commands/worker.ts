import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { placeOptions } from '../sweep-options.ts';
import { openTrialFile } from '../sweep-place.ts';
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
    const { core } = context;
    const { file: path, place } = await openTrialFile(file, context);
    const { sweep, trial } = await core.readPlannedTrial(path);
    const where = place ?? { name: sweep, folder: sweep };
    const options = await workOptions(where, places, context);
    return ofOneTrial({ sweep: where.name, trial: trial.id }, context, (onEvent) =>
      core.workTrial({ ...options, onEvent }, path),
    );
  },
});
