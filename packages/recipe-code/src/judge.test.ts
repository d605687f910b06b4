import { expect, it } from 'vitest';
import { judgeWith } from './judge.ts';
import type { CodeRow } from './row.ts';
import type { Program } from './sandbox/program-runner.ts';

/** A runner that passes programs in which "bad" does not occur, or whose tests look for it in vain. */
function runner() {
  const ran: Program[] = [];
  const judge = judgeWith(async (program) => {
    ran.push(program);
    if (program.tests.includes('nothing')) return { status: 'not-tested', detail: '' };
    const fails = program.tests.includes('bad') === program.source.includes('bad');
    return { status: fails ? 'failed' : 'passed', detail: '' };
  });
  return { judge, ran };
}

const improvement: CodeRow = {
  task: 'suggest-an-improvement',
  language: 'javascript',
  code: 'bad();',
  goal: 'g',
  tests: 'check();',
};

it('runs an output once, however often it is asked about, and no output that is empty', async () => {
  const { judge, ran } = runner();
  const row: CodeRow = { task: 'fix-a-bug', language: 'javascript', code: 'a', tests: 'bad' };
  expect(await Promise.all([judge.verdict(row, 'good'), judge.verdict(row, 'good')])).toEqual(['passed', 'passed']);
  expect(await judge.verdict(row, '```\n\n```')).toBe('failed');
  expect(ran).toHaveLength(1);
});

it('an improvement that changes nothing is none', async () => {
  const { judge } = runner();
  const row = { ...improvement, code: 'good();', tests: 'bad' };
  expect(await judge.verdict(row, 'better();')).toBe('passed');
  expect(await judge.verdict(row, '```js\ngood();\n```')).toBe('failed');
});

it('tests are right when they pass with the code and fail with every fault', async () => {
  const row: CodeRow = { task: 'write-tests', language: 'javascript', code: 'good();', faults: ['bad();'] };
  expect(await runner().judge.verdict(row, 'look for bad')).toBe('passed');
  expect(await runner().judge.verdict({ ...row, faults: ['bad();', 'unseen();'] }, 'look for bad')).toBe('failed');
  expect(await runner().judge.verdict({ ...row, code: 'bad();' }, 'look for bad')).toBe('failed');
});

it('tells what was not tested from what has failed', async () => {
  const row: CodeRow = { task: 'fix-a-bug', language: 'javascript', code: 'a', tests: 'look for nothing' };
  expect(await runner().judge.verdict(row, 'good')).toBe('not-tested');
  const tests: CodeRow = { task: 'write-tests', language: 'javascript', code: 'good();', faults: ['bad();'] };
  expect(await runner().judge.verdict(tests, 'look for nothing')).toBe('not-tested');
});

it('can judge rows that have tests', () => {
  const { judge } = runner();
  expect(judge.canJudge(improvement)).toBe(true);
  expect(judge.canJudge({ task: 'fix-a-bug', language: 'python', code: 'x' })).toBe(false);
});
