import { resolve } from 'node:path';
import { type OpenBase, openBase } from '../checkpoint/open-base.ts';
import type { Task } from '../task/open-task.ts';
import { settleForUse } from '../task/settle-precision.ts';

/**
 * Reads what tasks have in common once: models of one folder, quantised alike and in one precision. Where a precision is to
 * be chosen (`auto`), it is that of another task on the same folder, or the one that suits its adapter.
 * @returns of each task its base, in their order
 * @throws {UserError} for what cannot be read
 */
export async function openBases(tasks: readonly Task<unknown>[]): Promise<readonly OpenBase[]> {
  const opened = new Map<string, OpenBase>();
  const bases: OpenBase[] = [];
  try {
    for (const task of tasks) {
      const settled = await settleForUse(await withPrecisionOfOthers(task, tasks));
      const key = `${sharedBy(settled)} ${settled.training.precision}`;
      const base = opened.get(key) ?? (await openBase(settled.modelFolder, settled.training, settled.signal));
      opened.set(key, base);
      bases.push(base);
    }
    return bases;
  } catch (error) {
    for (const base of opened.values()) base.dispose();
    throw error;
  }
}

const sharedBy = ({ modelFolder, training: { quantize, quantizeEmbeddings } }: Task<unknown>): string =>
  JSON.stringify([resolve(modelFolder), quantize, quantizeEmbeddings]);

async function withPrecisionOfOthers(task: Task<unknown>, tasks: readonly Task<unknown>[]): Promise<Task<unknown>> {
  if (task.training.precision !== 'auto') return task;
  const beside = tasks.filter((other) => sharedBy(other) === sharedBy(task));
  const settled = beside.find(({ training }) => training.precision !== 'auto');
  const decides = settled ?? beside.find(({ adapter }) => adapter !== undefined) ?? task;
  const { precision } = settled ? settled.training : (await settleForUse(decides)).training;
  return { ...task, training: { ...task.training, precision } };
}
