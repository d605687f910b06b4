import { engineNames, trainingOptionsSchema } from '@counterweight/core';
import { z } from 'zod';

/**
 * The options of the commands that work with a model. Those of training itself come from core's schema; here is only
 * what the command line adds: where things are.
 */

const files = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().min(1)).min(1));

export const filesOption = (description: string) =>
  files.describe(description).meta({ placeholder: 'file', variadic: true });

/** Files of rows, whatever they are for. */
export const rowFiles = (purpose: string) =>
  filesOption(`${purpose}: .jsonl, .json, .csv, .tsv or .parquet, also .gz, or a folder of them`);

/** JSON on the command line, the object itself in a config file. */
export const jsonOption = z.preprocess(parseJson, z.record(z.string(), z.unknown()));

function parseJson(text: unknown, context: z.RefinementCtx): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `not JSON: ${(error as Error).message}` });
    return z.NEVER;
  }
}

export const recipeOptions = {
  recipe: z
    .string()
    .min(1)
    .default('plain')
    .describe('what turns rows into examples: plain, a name (support), a package or a .ts/.js file')
    .meta({ placeholder: 'recipe' }),
  recipeOptions: jsonOption.optional().describe("the recipe's own options").meta({ placeholder: 'json' }),
};

export const modelOptions = {
  ...recipeOptions,
  model: z
    .string()
    .min(1)
    .describe(
      'folder of a Hugging Face model (config.json, model.safetensors, tokenizer.json), a GGUF file, on the hub (org/name, org/name@revision, org/name/file.gguf), or an installed package: @counterweight/stories260k',
    )
    .meta({ placeholder: 'folder' }),
  engine: z
    .enum(['auto', ...engineNames])
    .default('auto')
    .describe('what does the arithmetic; auto takes the fastest there is'),
  threads: z
    .int()
    .min(1)
    .optional()
    .describe('of our own engine (default: as many as there are processors for this process)'),
  ...trainingOptionsSchema.pick({ precision: true, quantize: true, quantizeEmbeddings: true }).shape,
};

/** The same for preview and evaluate as for train. */
export const weightOptions = trainingOptionsSchema.pick({
  promptLossWeight: true,
  promptLossFraction: true,
  systemLossWeight: true,
  userLossWeight: true,
  toolLossWeight: true,
  templateLossWeight: true,
  trainOn: true,
  format: true,
  templateDate: true,
  addTokens: true,
  lossNormalization: true,
  maxLength: true,
  packing: true,
  batchSize: true,
}).shape;

/** How rows are read, wherever some are. */
export const readingOptions = trainingOptionsSchema.pick({ map: true, skipInvalid: true }).shape;

/** Which rows are trained on, how often and in which words: for preview as for train. */
export const rowOptions = trainingOptionsSchema.pick({
  map: true,
  skipInvalid: true,
  maxRows: true,
  duplicates: true,
  rowWeight: true,
  dataProportions: true,
  phrasings: true,
  splitSeed: true,
}).shape;

/** What an evaluation may cost, for evaluate as for train. */
export const evaluationOptions = trainingOptionsSchema.pick({ maxEvalRows: true, evaluateLossesOnly: true }).shape;

/** How texts are generated: greedily, unless there is a temperature. */
export const samplingOptions = {
  maxNewTokens: z.int().positive().optional().describe("tokens to generate at most (default: the recipe's)"),
  temperature: z.number().min(0).optional().describe('0 takes the likeliest token every time (default: 0)'),
  topK: z.int().positive().optional().describe('sample among the k likeliest tokens only'),
  topP: z.number().gt(0).max(1).optional().describe('sample among the likeliest tokens that make up this probability'),
  seed: z.int().min(0).optional().describe('decides the sampling'),
};

/** The sampling that was asked for, with nothing that was not. */
export function samplingPart<
  Options extends Partial<Record<keyof typeof samplingOptions | 'samples', number | undefined>>,
>({ samples, maxNewTokens, temperature, topK, topP, seed }: Options): Record<string, number> {
  const given = { samples, maxNewTokens, temperature, topK, topP, seed };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, number] => entry[1] !== undefined));
}

export const adapterOption = {
  adapter: z
    .string()
    .min(1)
    .optional()
    .describe('folder or hub id of a LoRA adapter to put on the model: RUN/adapter')
    .meta({ placeholder: 'folder' }),
};

/** Where a training keeps a record of itself beside its run folder. */
const trackerOptions = {
  tensorboard: z
    .union([z.string().min(1), z.literal(true)])
    .optional()
    .describe('write event files for TensorBoard (default: in RUN/tensorboard; of a folder given, in FOLDER/<run>)')
    .meta({ placeholder: 'folder' }),
  mlflow: z
    .string()
    .min(1)
    .optional()
    .describe('keep a run of this MLflow server, such as http://localhost:5000')
    .meta({ placeholder: 'address' }),
  mlflowExperiment: z
    .string()
    .min(1)
    .optional()
    .describe('experiment of the MLflow server (default: counterweight)')
    .meta({ placeholder: 'name' }),
  wandb: z
    .string()
    .min(1)
    .optional()
    .describe('keep a run of this project of Weights & Biases; needs npm install @wandb/sdk graphql, and WANDB_API_KEY')
    .meta({ placeholder: 'project' }),
};

export const trainOptions = z.strictObject({
  ...modelOptions,
  adapter: adapterOption.adapter.describe(
    'folder of a LoRA adapter to go on with, in place of a new one; its rank, alpha and layers hold',
  ),
  data: rowFiles('rows to train on'),
  evalData: filesOption('rows to evaluate on, never trained on').optional(),
  evalSplit: z.number().gt(0).lt(1).optional().describe('or: the share of the data to hold out, such as 0.1'),
  output: z
    .string()
    .min(1)
    .optional()
    .describe('run folder (default: runs/<recipe>-<date>-<time>)')
    .meta({ placeholder: 'folder' }),
  resume: z.boolean().default(false).describe('go on from the newest checkpoint in --output'),
  workers: z
    .int()
    .min(1)
    .default(1)
    .describe(
      'processes that train the model together, started by mpirun or srun: micro-batches are dealt to them, so that ' +
        '--gradient-accumulation is a multiple of it',
    ),
  shardOptimizer: z
    .boolean()
    .default(false)
    .describe("with several workers and --method full: each keeps its share of the optimizer's moments only"),
  events: z
    .string()
    .min(1)
    .optional()
    .describe('write what happens as JSON lines, one an event, to a file or with - to standard output')
    .meta({ placeholder: 'file|-' }),
  ...trackerOptions,
  measureForgetting: z
    .enum(['auto', 'always', 'never'])
    .default('auto')
    .describe(
      'what the report says of forgetting: loss on neutral text before and after, distance of the weights; auto: where ' +
        'that takes less than about a twentieth of the training',
    ),
  ...trainingOptionsSchema.shape,
});

/** The part of a command's options that core calls training options, with nothing that was not given or defaulted. */
export function trainingPart(options: Readonly<Record<string, unknown>>): z.input<typeof trainingOptionsSchema> {
  const names = Object.keys(trainingOptionsSchema.shape).filter((name) => options[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}
