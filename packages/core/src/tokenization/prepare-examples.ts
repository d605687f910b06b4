import { addTargetWeights, promptScale, roleWeights } from '../batches/loss-weights.ts';
import { hasLoss } from '../batches/normalize-weights.ts';
import { UserError } from '../errors.ts';
import { conversationLayout, IN_CONVERSATION_LAYOUT } from '../recipe/conversation-layout.ts';
import { withoutFreedom } from '../recipe/freedom.ts';
import type { Recipe, RenderedExample, RowSettings } from '../recipe/recipe.ts';
import { settingsOf } from '../recipe/settings-of.ts';
import type { ScreenDropReason } from '../rows/duplicates/duplicate-counts.ts';
import { type InvalidRows, invalidRows } from '../rows/invalid-rows.ts';
import { fieldInFile } from '../rows/map-columns.ts';
import { parseSourceRow, renderSourceRow } from '../rows/parse-rows.ts';
import { placeOf, type SourceRow, whereabouts } from '../rows/source-row.ts';
import { suggestedAnswer } from '../rows/suggest-map.ts';
import type { TrainingOptions } from '../training/options.ts';
import { saysSomething } from './chat/messages.ts';
import type { Phrased } from './draw-phrasings.ts';
import { type Examples, isPrompt } from './example.ts';
import { type Weighting, writeExamples } from './example-store.ts';
import { nothingLeft } from './nothing-left.ts';
import { countReceipt, type DroppedRow, type Receipt } from './receipt.ts';
import { isInvalid, outcomesOf, type RenderedRow, type TokenizeChunk } from './tokenize-rows.ts';
import { turnsToLearn } from './turns-to-learn.ts';
import { unusedFields } from './unused-fields.ts';

/** What training is told of how rows are weighted, and which of them are left out. */
export type DataWeights = Pick<
  TrainingOptions,
  | 'format'
  | 'promptLossWeight'
  | 'promptLossFraction'
  | 'templateLossWeight'
  | 'systemLossWeight'
  | 'userLossWeight'
  | 'toolLossWeight'
  | 'trainOn'
  | 'lossNormalization'
  | 'longAnswers'
> &
  Partial<Pick<TrainingOptions, 'skipInvalid'>>;

export interface PrepareOptions<Row> {
  readonly sourceRows: Iterable<SourceRow> | AsyncIterable<SourceRow>;
  readonly recipe: Recipe<Row>;
  /** How rows in words become ids: here, in other threads, or looked up. */
  readonly tokenizeChunk: TokenizeChunk;
  readonly training: DataWeights;
  /** Tokens of prompt and completion together, at most, for a row with these settings. */
  readonly maxLengthOf: (settings: RowSettings) => number;
  /** Called with each row before it is tokenized, in the order of the rows: why it is left out, if it is. */
  readonly leaveOut?: ((source: SourceRow, rendered: RenderedExample) => ScreenDropReason | undefined) | undefined;
  /** The fields of a row that are not used. Default: those that its recipe does not read. */
  readonly unused?: ((source: SourceRow, rendered: RenderedExample) => Iterable<string>) | undefined;
  /** The words of a row that it is trained on in. Default: the row's own. */
  readonly phrase?: ((rendered: RenderedExample, source: SourceRow) => Phrased) | undefined;
  /** The row's own weight in the loss, beside those of its segments: 0 or more. Default: 1 for each. */
  readonly rowWeightOf?: ((source: SourceRow) => number) | undefined;
  /** Called with each row before it is tokenized: throws where a column that an option reads can't be read. */
  readonly checkColumns?: ((source: SourceRow) => void) | undefined;
  /** Called with each row that is kept, in the order of the examples. Rows themselves are not kept in memory. */
  readonly onRow?: ((row: Row, source: SourceRow) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is trained on, and what became of all rows. */
export interface PreparedExamples {
  readonly examples: Examples;
  readonly receipt: Receipt;
}

/**
 * From rows as they are read to examples in ids, one row at a time. Ids are looked up or made without a word of loss
 * weights; what each example's targets weigh, and whether that is anything, is decided here.
 * @throws {UserError} `row-invalid` (file, row, field), or `nothing-to-train-on` when no row is kept.
 */
export async function prepareExamples<Row>(options: PrepareOptions<Row>): Promise<PreparedExamples> {
  const { recipe, training, onRow, rowWeightOf = () => 1, signal } = options;
  const { promptLossFraction } = training;
  const examples = writeExamples();
  const counts = countReceipt(recipe);
  const invalid = invalidRows(training.skipInvalid ?? 0, (source, { problem }) =>
    counts.drop({ ...whereabouts(source), reason: 'invalid', problem }),
  );
  const weightsOf = roleWeightsByRecipe(training);
  // Rows whose outcome is still to come, oldest first.
  const waiting: ParsedRow<Row>[] = [];
  for await (const outcome of outcomesOf(
    rowsInWords(options, waiting, { ...counts, invalid }),
    options.tokenizeChunk,
    signal,
  )) {
    const { source, row, layout, phrasing } = waiting.shift() as ParsedRow<Row>;
    const drop = (reason: DroppedRow['reason']) => counts.drop({ ...whereabouts(source), reason });
    if (typeof outcome === 'string') {
      drop(outcome);
      continue;
    }
    if (isInvalid(outcome)) {
      invalid.add(source, new UserError(outcome.invalid));
      continue;
    }
    const weighting: Weighting = { roleWeights: weightsOf(settingsOf(recipe, row)), rowWeight: rowWeightOf(source) };
    const weight = { prompt: 0, completion: 0, all: 0 };
    addTargetWeights({ ...outcome, ...weighting }, weight);
    if (!hasLoss(weight, training)) {
      drop('no-weight');
      continue;
    }
    examples.append(outcome, weighting);
    counts.keep(row, { ...outcome, ...weighting });
    if (training.format === 'plain' && layout === conversationLayout) counts.tally(IN_CONVERSATION_LAYOUT);
    if (phrasing !== undefined) counts.tally(`rows in the phrasing "${phrasing}"`);
    onRow?.(row, source);
  }
  invalid.end();
  const scale = promptLossFraction === undefined ? 1 : promptScale(promptLossFraction, counts.weight);
  const receipt = counts.finish(scale);
  if (receipt.kept === 0) throw nothingLeft(receipt.dropped);
  weightsOf.scalePrompt(scale);
  return { examples: examples.finish(), receipt };
}

/** The base weights of a row, by its recipe's default: one table for all rows that have the same. */
function roleWeightsByRecipe(training: DataWeights) {
  const tables = new Map<number, Float64Array>();
  const weightsOf = ({ defaults }: RowSettings): Float64Array => {
    // A fraction scales whatever weight the prompt has; 1 keeps the proportions between its segments.
    const asked = training.promptLossFraction === undefined ? training.promptLossWeight : 1;
    const promptLossWeight = asked ?? defaults.promptLossWeight;
    const table = tables.get(promptLossWeight) ?? roleWeights({ ...training, promptLossWeight });
    tables.set(promptLossWeight, table);
    return table;
  };
  /** Over all examples, as evaluation and preview want it; a step scales once more, by what is in it. */
  const scalePrompt = (scale: number): void => {
    for (const table of tables.values()) {
      for (const [role, weight] of table.entries()) if (isPrompt(role)) table[role] = weight * scale;
    }
  };
  return Object.assign(weightsOf, { scalePrompt });
}

interface ParsedRow<Row> {
  readonly source: SourceRow;
  readonly row: Row;
  readonly layout: RenderedExample['layout'];
  /** The one that was drawn for it, if any. */
  readonly phrasing: string | undefined;
}

async function* rowsInWords<Row>(
  options: PrepareOptions<Row>,
  parsed: ParsedRow<Row>[],
  {
    drop,
    leaveUnused,
    invalid,
  }: Pick<ReturnType<typeof countReceipt<Row>>, 'drop' | 'leaveUnused'> & { readonly invalid: InvalidRows },
): AsyncIterable<RenderedRow> {
  const { sourceRows, recipe, training, maxLengthOf, leaveOut, phrase, unused = unusedFields(recipe) } = options;
  for await (const source of invalid.of(sourceRows)) {
    const read = attempt(
      () => rowInWords(source, options),
      (error) => invalid.add(source, error),
    );
    if (!read || !invalid.pass()) continue;
    const { row, rendered, settings } = read;
    leaveUnused(unused(source, rendered));
    const reason = leaveOut?.(source, rendered);
    if (reason) {
      drop({ ...whereabouts(source), reason });
      continue;
    }
    const { rendered: phrased, phrasing } = phrase?.(rendered, source) ?? { rendered, phrasing: undefined };
    parsed.push({ source, row, layout: rendered.layout, phrasing });
    const words = withoutFreedom(phrased);
    yield {
      rendered: turnsToLearn(words, training.trainOn),
      layout: settings.layout,
      maxLength: maxLengthOf(settings),
      maxNewTokens: settings.defaults.maxNewTokens,
      longAnswers: training.longAnswers,
      where: placeOf(source),
    };
  }
}

/** @throws {UserError} `row-invalid` */
function rowInWords<Row>(source: SourceRow, { recipe, rowWeightOf, checkColumns }: PrepareOptions<Row>) {
  const row = parseSourceRow(source, recipe);
  const rendered = renderSourceRow(source, row, recipe);
  const settings = settingsOf(recipe, row);
  if (!saysSomething(rendered.completion)) throw noAnswer(source, rendered, settings);
  rowWeightOf?.(source);
  checkColumns?.(source);
  return { row, rendered, settings };
}

function attempt<T>(read: () => T, failed: (error: unknown) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    failed(error);
    return undefined;
  }
}

function noAnswer(
  source: SourceRow,
  { prompt, completion, ...rendered }: RenderedExample,
  settings: RowSettings,
): UserError {
  const { answerField = settings.answerField, unanswered } = rendered;
  const isBlank = completion.some(({ text }) => text !== '');
  const why = isBlank ? ': it is nothing but white space' : unanswered === undefined ? '' : `: ${unanswered}`;
  const isAnswered = prompt.some(({ role }) => role === 'assistant');
  const open = isAnswered ? 'Take out what stands after the last answer' : 'Let it end with an answer';
  const fix = unanswered === undefined ? `Fill in "${fieldInFile(source, answerField)}"` : open;
  return new UserError({
    code: 'row-invalid',
    problem: `The row has no answer to learn from${why}.`,
    where: placeOf(source, fieldInFile(source, answerField)),
    fix: `${fix}, or take the row out.${suggestedAnswer(source, answerField)}`,
  });
}
