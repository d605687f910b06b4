import { answerCode } from './answer-code.ts';
import type { CodeRow, TestsRow } from './row.ts';
import type { Outcome } from './sandbox/outcome.ts';
import type { ProgramRunner } from './sandbox/program-runner.ts';

/** Says whether outputs do what their rows ask for, by running them. */
export interface Judge {
  /** Whether the row says what is right. */
  canJudge(row: CodeRow): boolean;
  /** Runs an output once, however often it is asked about. */
  verdict(row: CodeRow, text: string): Promise<Verdict>;
}

/** `not-tested`: all has run to its end, and nothing was checked. Only `passed` counts as right. */
export type Verdict = 'passed' | 'failed' | 'not-tested';

export function judgeWith(run: ProgramRunner): Judge {
  const known = new WeakMap<CodeRow, Map<string, Promise<Verdict>>>();
  return {
    canJudge: (row) => row.task === 'write-tests' || row.tests !== undefined,
    verdict(row, text) {
      const ofRow = known.get(row) ?? new Map<string, Promise<Verdict>>();
      known.set(row, ofRow);
      const verdict = ofRow.get(text) ?? judged(run, row, text);
      ofRow.set(text, verdict);
      return verdict;
    },
  };
}

async function judged(run: ProgramRunner, row: CodeRow, text: string): Promise<Verdict> {
  const code = answerCode(row, text);
  if (code === '') return 'failed';
  if (row.task === 'write-tests') return testsTell(run, row, code);
  if (row.task === 'suggest-an-improvement' && code === row.code) return 'failed';
  return verdictOf(await run({ language: row.language, source: code, tests: row.tests ?? '' }));
}

/** Tests are good when they check something, pass with the code, and none of its faults gets by. */
async function testsTell(run: ProgramRunner, { language, code, faults }: TestsRow, tests: string): Promise<Verdict> {
  const right = verdictOf(await run({ language, source: code, tests }));
  if (right !== 'passed') return right;
  const wrong = await Promise.all(faults.map((source) => run({ language, source, tests })));
  return wrong.every(({ status }) => status !== 'passed') ? 'passed' : 'failed';
}

function verdictOf({ status }: Outcome): Verdict {
  return status === 'passed' || status === 'not-tested' ? status : 'failed';
}
