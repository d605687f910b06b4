import type { Data } from '../rows/data.ts';
import type { OpenedData } from '../rows/open-data.ts';
import { streamRows } from '../rows/read-rows.ts';
import type { SourceRow } from '../rows/source-row.ts';
import { openTokenization } from '../tokenization/open-tokenization.ts';
import { type PreparedExamples, type PrepareOptions, prepareExamples } from '../tokenization/prepare-examples.ts';
import { unusedFields } from '../tokenization/unused-fields.ts';
import type { Task } from './open-task.ts';

/**
 * Reads rows and turns them into examples, with the receipt of what was kept, cut and dropped. Neither rows nor
 * examples are held in memory.
 */
export async function readExamples<Row>(
  task: Task<Row>,
  sourceRows: AsyncIterable<SourceRow>,
  hooks: Pick<PrepareOptions<Row>, 'onRow' | 'leaveOut' | 'phrase' | 'rowWeightOf' | 'checkColumns'> = {},
): Promise<PreparedExamples> {
  const { recipe, chat, maxLengthOf, training, signal } = task;
  const unused = unusedFields(recipe, chat, [training.rowWeight, training.splitBy, training.splitByTime]);
  const { tokenizeChunk, close } = await openTokenization(task);
  try {
    return await prepareExamples({
      sourceRows,
      recipe,
      tokenizeChunk,
      maxLengthOf,
      training,
      unused,
      signal,
      ...hooks,
    });
  } finally {
    await close();
  }
}

/** The same with the rows beside the examples, for who measures what is generated for them. */
export async function evaluationSetOf<Row>(
  task: Task<Row>,
  sourceRows: AsyncIterable<SourceRow>,
  leaveOut?: PrepareOptions<Row>['leaveOut'],
): Promise<PreparedExamples & { readonly rows: readonly Row[] }> {
  const rows: Row[] = [];
  return { ...(await readExamples(task, sourceRows, { onRow: (row) => rows.push(row), leaveOut })), rows };
}

export const readEvaluationSet = <Row>(
  task: Task<Row>,
  data: Data | OpenedData,
  leaveOut?: PrepareOptions<Row>['leaveOut'],
): Promise<PreparedExamples & { readonly rows: readonly Row[] }> =>
  evaluationSetOf(task, streamRows(data, task.signal), leaveOut);
