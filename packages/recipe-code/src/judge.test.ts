import { expect, it } from 'vitest';
import { judgeWith } from './judge.ts';
import type { CodeRow } from './row.ts';
import type { Program } from './sandbox/program-runner.ts';

/** A runner that passes programs in which "bad" does not occur, or whose tests look for it in vain. */
function runner() {
  const ran: Program[] = [];
  const judge = judgeWith(async (program) => {
    ran.push(program);
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
  expect(await Promise.all([judge.passes(row, 'good'), judge.passes(row, 'good')])).toEqual([true, true]);
  expect(await judge.passes(row, '```\n\n```')).toBe(false);
  expect(ran).toHaveLength(1);
});

it('an improvement that changes nothing is none', async () => {
  const { judge } = runner();
  const row = { ...improvement, code: 'good();', tests: 'bad' };
  expect(await judge.passes(row, 'better();')).toBe(true);
  expect(await judge.passes(row, '```js\ngood();\n```')).toBe(false);
});

it('tests are right when they pass with the code and fail with every fault', async () => {
  const row: CodeRow = { task: 'write-tests', language: 'javascript', code: 'good();', faults: ['bad();'] };
  expect(await runner().judge.passes(row, 'look for bad')).toBe(true);
  expect(await runner().judge.passes({ ...row, faults: ['bad();', 'unseen();'] }, 'look for bad')).toBe(false);
  expect(await runner().judge.passes({ ...row, code: 'bad();' }, 'look for bad')).toBe(false);
});

it('can judge rows that have tests', () => {
  const { judge } = runner();
  expect(judge.canJudge(improvement)).toBe(true);
  expect(judge.canJudge({ task: 'fix-a-bug', language: 'python', code: 'x' })).toBe(false);
});
