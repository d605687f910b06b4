import { answerCode } from './answer-code.ts';
import type { CodeRow, TestsRow } from './row.ts';
import type { ProgramRunner } from './sandbox/program-runner.ts';

/** Says whether outputs do what their rows ask for, by running them. */
export interface Judge {
  /** Whether the row says what is right. */
  canJudge(row: CodeRow): boolean;
  /** Runs an output once, however often it is asked about. */
  passes(row: CodeRow, text: string): Promise<boolean>;
}

export function judgeWith(run: ProgramRunner): Judge {
  const known = new WeakMap<CodeRow, Map<string, Promise<boolean>>>();
  return {
    canJudge: (row) => row.task === 'write-tests' || row.tests !== undefined,
    passes(row, text) {
      const ofRow = known.get(row) ?? new Map<string, Promise<boolean>>();
      known.set(row, ofRow);
      const verdict = ofRow.get(text) ?? judged(run, row, text);
      ofRow.set(text, verdict);
      return verdict;
    },
  };
}

async function judged(run: ProgramRunner, row: CodeRow, text: string): Promise<boolean> {
  const code = answerCode(row, text);
  if (code === '') return false;
  if (row.task === 'write-tests') return testsTell(run, row, code);
  if (row.task === 'suggest-an-improvement' && code === row.code) return false;
  const { status } = await run({ language: row.language, source: code, tests: row.tests ?? '' });
  return status === 'passed';
}

/** Tests are good when they pass with the code and none of its faults gets by. */
async function testsTell(run: ProgramRunner, { language, code, faults }: TestsRow, tests: string): Promise<boolean> {
  const right = await run({ language, source: code, tests });
  if (right.status !== 'passed') return false;
  const wrong = await Promise.all(faults.map((source) => run({ language, source, tests })));
  return wrong.every(({ status }) => status !== 'passed');
}
