import { isDeepStrictEqual } from 'node:util';
import {
  type FineTuneResult,
  type MemoryEstimate,
  peakLearningRate,
  printable,
  type TrainingEvent,
} from '@counterweight/core';
import {
  countDropped,
  droppedInWords,
  duplicatesInWords,
  invalidRowsInWords,
  unusedInWords,
  weightAdvice,
} from '@counterweight/core/report';
import { readConfig } from './config.ts';
import { evaluationNotes, evaluationTable } from './evaluation-table.ts';
import { bytes, count, short, table } from './format.ts';
import type { trainOptions } from './options.ts';
import type { AnyRecipe } from './resolve-recipe.ts';

export type Options = ReturnType<(typeof trainOptions)['parse']>;

/** What is about to happen, before it takes its time. */
export function overview(
  options: Options,
  recipe: AnyRecipe,
  output: string,
  engine: string,
  {
    steps,
    examples,
    generationRatio,
    dropped,
    invalid = [],
    evaluationDropped = [],
    unused,
    trainableParameters,
    precision,
    memory,
    duplicates,
    notes = [],
    blocks = [],
  }: TrainingEvent & { type: 'start' },
): string {
  const { method, adapter, loraRank, loraAlpha, dora, batchSize, gradientAccumulation, packing, schedule, seed } =
    options;
  const fresh = ` rank ${loraRank}, alpha ${short(loraAlpha)}${dora ? ', DoRA' : ''}`;
  const adapters = adapter === undefined ? fresh : `, going on with ${adapter}`;
  const said = duplicatesInWords(duplicates);
  const notUsed = unusedInWords(unused);
  const left = droppedInWords(dropped);
  const { start, sureness } = weightAdvice(generationRatio, options);
  const notEvaluated = droppedInWords(countDropped(evaluationDropped));
  const lines = [
    ['recipe', recipe.name],
    ['model', options.model],
    ...(blocks.length > 0 ? [['weights kept', blocksInWords(blocks)]] : []),
    ['engine', engine],
    ...(options.workers > 1
      ? [
          [
            'workers',
            `${options.workers} processes${options.shardOptimizer ? ', each with its share of the moments' : ''}`,
          ],
        ]
      : []),
    ['precision', `${precision}${options.precision === 'auto' ? AUTO_IN_WORDS[precision] : ''}`],
    ['method', `${method}${method === 'lora' ? adapters : ''}, ${count(trainableParameters)} parameters to train`],
    ['data', `${count(examples)} examples from ${options.data.join(', ')}`],
    ...notes.map((note) => ['files', note]),
    ...(left ? [['left out', left]] : []),
    ...invalidRowsInWords(invalid).map((row) => ['', row]),
    ...(notEvaluated ? [['not evaluated', notEvaluated]] : []),
    ...invalidRowsInWords(evaluationDropped).map((row) => ['', row]),
    ...(notUsed ? [['not used', notUsed]] : []),
    ...(said ? [['duplicates', said]] : []),
    [
      'steps',
      `${count(steps)} of ${batchSize}${gradientAccumulation > 1 ? ` × ${gradientAccumulation}` : ''} ${packing === 'none' ? 'examples' : `packed rows (${packing})`}`,
    ],
    ['weights', weightsInWords(options, recipe)],
    ['advice', `${start}. ${sureness}`],
    ['learning rate', `${peakLearningRate(options)}, ${schedule}`],
    ['memory', memoryInWords(memory)],
    ['seed', String(seed)],
    ['run folder', output],
  ];
  return table(lines.map((cells) => cells.map(printable)));
}

const AUTO_IN_WORDS = {
  f32: '',
  bf16: ' for what is frozen: the faster one here, or the one that fits into memory',
};

/** `211 tensors of Q4_1 as q4_1, 1 of F16 as q8_0` */
const blocksInWords = (blocks: NonNullable<(TrainingEvent & { type: 'start' })['blocks']>): string =>
  blocks.map(({ tensors, stored, kept }) => `${count(tensors)} of ${stored} as ${kept}`).join(', ');

/** The peak that is to be expected, and its two parts that options decide. */
function memoryInWords({ total, optimizer, activations }: MemoryEstimate): string {
  return `about ${bytes(total)}: ${bytes(activations)} for the tokens of a batch, ${bytes(optimizer)} for the optimizer`;
}

function weightsInWords(options: Options, { defaults }: AnyRecipe): string {
  const { promptLossWeight, promptLossFraction, templateLossWeight } = options;
  const others = `template ${short(templateLossWeight)}, completion 1`;
  if (promptLossFraction !== undefined)
    return `prompt so that it makes up ${short(promptLossFraction)} of the total, ${others}`;
  const source = promptLossWeight === undefined ? " (the recipe's)" : '';
  return `prompt ${short(promptLossWeight ?? defaults.promptLossWeight)}${source}, ${others}`;
}

/** Before and after where both were measured, where the result lies, and what to do with it. */
export function summary(
  options: Options,
  { run, steps, resultStep, evaluation, evaluationBefore: before }: FineTuneResult,
  { defaults, metrics }: Pick<AnyRecipe, 'defaults' | 'metrics'>,
  recipe = recipeFlagsOf(options),
): string {
  const measured = evaluation
    ? `${evaluationTable({ ...(before ? { before } : {}), [before ? 'after' : 'tuned']: evaluation }, metrics)}${evaluationNotes(evaluation, defaults.maxNewTokens)}\n`
    : '';
  const best = resultStep === steps ? '' : ` The result is what it was after step ${count(resultStep)}, the best.`;
  const model =
    options.method === 'lora'
      ? `--model ${quoted(options.model)} --adapter ${quoted(`${run}/adapter`)}`
      : `--model ${quoted(`${run}/model`)}`;
  const format = options.format === 'auto' ? '' : ` --format ${options.format}`;
  const input = options.recipe === 'plain' ? "--prompt '…'" : "--row '{…}'";
  return [
    `${measured}${count(steps)} ${steps === 1 ? 'step' : 'steps'}.${best} The run is in ${run}\nLook at it: ${run}/report.html\n`,
    'Next:',
    `  counterweight generate ${recipe} ${model}${format} ${input}`,
    `  counterweight evaluate ${recipe} ${model}${format} --data ${options.evalData?.map(quoted).join(' ') ?? 'FILE'}`,
    '',
  ].join('\n');
}

/** Which recipe it was, as flags. */
function recipeFlagsOf({ recipe, recipeOptions }: Options): string {
  const own = recipeOptions ? ` --recipe-options ${quoted(JSON.stringify(recipeOptions))}` : '';
  return `--recipe ${quoted(recipe)}${own}`;
}

/** `--config FILE` where that file alone says which recipe it was: its options may be a whole catalogue. */
export async function configFlagOf(
  { recipe, recipeOptions }: Options,
  file: string | undefined,
  cwd: string,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const config = await readConfig(file, cwd);
  const same = config.recipe === recipe && isDeepStrictEqual(config.recipeOptions, recipeOptions);
  return same ? `--config ${quoted(file)}` : undefined;
}

/** As a shell reads it. */
export const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
