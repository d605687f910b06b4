import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunRecord, readRunRecord } from '@counterweight/core/report';

/** What a record is made of: none of it has changed where sizes and times are the same. */
const FILES = ['run.json', 'metrics.jsonl', 'evaluations.jsonl', 'result.json', 'forgetting.json', 'examples.json'];

/** Of a longer run some steps are drawn, evenly; its report has all. */
const DRAWN_STEPS = 20_000;

/** So many runs are kept: those that somebody looks at. */
const KEPT = 4;

/** Reads what run folders tell, those that have not changed once: a long run has a hundred thousand lines. */
export function createRecordReader(): (run: string) => Promise<RunRecord> {
  const kept = new Map<string, { readonly state: string; readonly record: Promise<RunRecord> }>();
  return async (run) => {
    const state = await stateOf(run);
    const before = kept.get(run);
    kept.delete(run);
    const record = before?.state === state ? before.record : readRunRecord(run, DRAWN_STEPS);
    kept.set(run, { state, record });
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return record.catch((error: unknown) => {
      kept.delete(run);
      throw error;
    });
  };
}

async function stateOf(run: string): Promise<string> {
  const states = await Promise.all(FILES.map((file) => stat(join(run, file)).catch(() => undefined)));
  return states.map((state) => (state ? `${state.size} ${state.mtimeMs}` : '')).join('\n');
}
