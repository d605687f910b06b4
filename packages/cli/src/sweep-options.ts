import { SWEEP_DEFAULTS, trainingOptionsSchema } from '@counterweight/core';
import { z } from 'zod';
import { optionError } from './option-error.ts';
import { adapterOption, filesOption, modelOptions, rowFiles } from './options.ts';

/** The options of `sweep`, and of `sweep plan`, which is its first step. */

const { promptLossWeight: _, promptLossFraction: __, ...fixed } = trainingOptionsSchema.shape;

export const sweepOptions = z.strictObject({
  ...modelOptions,
  adapter: adapterOption.adapter.describe('folder of a LoRA adapter that every trial goes on with'),
  data: rowFiles('rows to train on'),
  evalData: filesOption('rows to compare on, never trained on: half of them choose, half of them report').optional(),
  evalSplit: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe(`or: the share of the data to hold out (default: ${SWEEP_DEFAULTS.evalSplit})`),
  output: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder of the sweep, new or with the same one, or s3://bucket/key (default: sweeps/<recipe>-<date>-<time>)',
    )
    .meta({ placeholder: 'folder' }),
  weights: z
    .array(z.number().min(0))
    .optional()
    .describe(`prompt loss weights to compare (default: ${SWEEP_DEFAULTS.weights.join(',')})`),
  seeds: z
    .int()
    .positive()
    .optional()
    .describe(`seeds of each weight (default: ${SWEEP_DEFAULTS.seeds}, the fewest that can tell)`),
  vary: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().min(1)))
    .optional()
    .describe('another option to vary, with its values: learning-rate=1e-4,3e-4; several times for several options')
    .meta({ placeholder: 'option=a,b', variadic: true }),
  tune: z.enum(['learning-rate']).optional().describe('find a learning rate for each weight first, on rows of its own'),
  parallel: z.int().positive().default(1).describe('processes that work at the trials at the same time'),
  neutral: z
    .string()
    .min(1)
    .optional()
    .describe('text file to see what a model has kept of its language, a passage a line (default: English of ours)')
    .meta({ placeholder: 'file' }),
  margins: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe('differences that would not matter, by outcome: what "equivalent" means: exactMatch=0.02'),
  keepModels: z.boolean().default(false).describe('keep the adapter or model of every trial'),
  ...fixed,
});

export const folderOption = z
  .string()
  .min(1)
  .describe('the folder of the sweep, or s3://bucket/key')
  .meta({ placeholder: 'folder' });

/** What may be elsewhere on the machine that does a trial than where it was planned. */
export const placeOptions = {
  model: sweepOptions.shape.model.optional().describe('where the model is here, if not where it was planned'),
  data: sweepOptions.shape.data.optional().describe('where the rows are here'),
  evalData: sweepOptions.shape.evalData.describe('where the rows to compare on are here'),
  engine: sweepOptions.shape.engine.optional(),
};

export type SweepFlags = z.output<typeof sweepOptions>;

/** `learning-rate=1e-4,3e-4` as core has it. @throws {UserError} `option-invalid` */
export function variedOptions(given: readonly string[] = []): Record<string, (string | number | boolean)[]> {
  return Object.fromEntries(
    given.map((text) => {
      const [name = '', values = ''] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
      if (!text.includes('=') || name === '' || values === '') {
        throw optionError(`--vary takes an option and its values, not "${text}"`, '--vary', 'Write option=a,b.');
      }
      const option = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [option, values.split(',').map(settingOf)];
    }),
  );
}

function settingOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** `exactMatch=0.02` in numbers. @throws {UserError} `option-invalid` */
export function marginsOf(given: Readonly<Record<string, string>> = {}): Record<string, number> {
  return Object.fromEntries(
    Object.entries(given).map(([outcome, text]) => {
      const margin = Number(text);
      if (margin > 0) return [outcome, margin];
      throw optionError(`The margin of ${outcome} is "${text}"`, '--margins', 'Give a number above 0.');
    }),
  );
}
