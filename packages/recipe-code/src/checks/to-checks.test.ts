import { expect, it } from 'vitest';
import { toChecks } from './to-checks.ts';

it('marks what the compiler of TypeScript has made of tests, and leaves Python to its harness', async () => {
  const typescript = "import { equal } from 'node:assert';\nconst sum: number = add(1, 2);\nequal(sum, 3);";
  expect(await toChecks(typescript, 'typescript')).toMatchObject({
    code: expect.stringContaining('(0, node_assert_1.equal)(__check(sum), 3)'),
    modules: ['node:assert'],
  });
  expect(await toChecks('assert add(1, 2) == 3', 'python')).toEqual({ code: 'assert add(1, 2) == 3', modules: [] });
});

it.each([1000, 2000, 4000, 8000])('says what is nested too deeply, whoever cannot read it: %i', async (depth) => {
  const tests = `assert(${'('.repeat(depth)}f(1)${')'.repeat(depth)})`;
  const result = await toChecks(tests, 'javascript');
  expect('problem' in result ? result.problem : result.code).toMatch(/stack|__check\(\(+f\(1\)/);
});
