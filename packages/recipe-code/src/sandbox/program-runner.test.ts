import { describe, expect, it } from 'vitest';
import { hasSandbox } from '../test-support.ts';
import { programRunner } from './program-runner.ts';
import { SandboxUnavailableError } from './sandbox-unavailable.ts';

const available = await hasSandbox();

describe.skipIf(!available)('a program in the sandbox', () => {
  const run = programRunner({ limits: { timeoutSeconds: 30 } });

  it.each([
    ['javascript', 'const f = (a) => a + 1;', "const assert = require('assert'); assert.equal(f(1), 2);", 'passed'],
    ['javascript', 'const f = (a) => a + 1;', "const assert = require('assert'); assert.equal(f(1), 3);", 'failed'],
    [
      'javascript',
      'const assert = 1; const f = async () => 2;',
      "import assert from 'assert';\nassert.equal(await f(), 2);",
      'passed',
    ],
    [
      'javascript',
      'const f = () => 2;',
      "import test from 'node:test';\ntest('f', () => { if (f() !== 3) throw new Error(); });",
      'failed',
    ],
    [
      'javascript',
      'const f = () => 2;',
      "import test from 'node:test';\ntest('f', () => { if (f() !== 2) throw new Error(); });",
      'passed',
    ],
    ['javascript', 'const f = (g) => setTimeout(g, 1);', 'f(() => { throw new Error("late"); });', 'failed'],
    ['javascript', 'const f = () => {', '', 'does-not-compile'],
    [
      'typescript',
      'enum E { a = 1 }\nexport const f = (e: E): number => e;',
      "import assert from 'assert';\nassert.equal(f(E.a), 1);",
      'passed',
    ],
    ['python', 'def f(a):\n  return a + 1', 'assert f(1) == 2', 'passed'],
    ['python', 'def f(a):\n  return a + 1', 'def test_f():\n  assert f(1) == 3', 'failed'],
    [
      'python',
      'def f(a):\n  return a',
      'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(f(1), 2)',
      'failed',
    ],
    ['python', 'from dataclasses import dataclass\n@dataclass\nclass P:\n  x: "int"', 'assert P(1).x == 1', 'passed'],
    ['python', 'def f(a:', '', 'does-not-compile'],
  ] as const)('%s: %s with %s → %s', async (language, source, tests, expected) => {
    expect((await run({ language, source, tests })).status).toBe(expected);
  });

  it('has a scratch folder, and nothing of it in the next run', async () => {
    const program = {
      language: 'javascript',
      source: "const fs = require('fs'); const before = fs.readdirSync('.'); fs.writeFileSync('a', 'b');",
      tests: "if (before.length > 0 || fs.readFileSync('a', 'utf8') !== 'b') throw new Error();",
    } as const;
    expect([await run(program), await run(program)].map(({ status }) => status)).toEqual(['passed', 'passed']);
  });
});

describe('without a sandbox', () => {
  const program = { language: 'javascript', source: 'const f = () => 1;', tests: 'if (f() !== 1) throw 1;' } as const;

  it('nothing is run', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    try {
      await expect(programRunner()(program)).rejects.toThrow(SandboxUnavailableError);
      await expect(programRunner()(program)).rejects.toThrow(/needs Linux.*darwin[\s\S]*unsafeExecution/);
    } finally {
      if (platform) Object.defineProperty(process, 'platform', platform);
    }
  });

  // These are our own programs, which do nothing.
  it('programs run when told so', async () => {
    const run = programRunner({ unsafeExecution: true, limits: { timeoutSeconds: 30 } });
    expect(await run(program)).toEqual({ status: 'passed', detail: '' });
    expect((await run({ ...program, source: 'const f = () => 2;' })).status).toBe('failed');
    expect((await run({ ...program, source: 'process.exit(0);' })).status).toBe('ended-early');
    expect((await run({ language: 'python', source: 'f = 1', tests: 'assert f == 1' })).status).toBe('passed');
  });

  it('and are stopped when their time is up', async () => {
    const run = programRunner({ unsafeExecution: true, limits: { timeoutSeconds: 1 } });
    expect((await run({ ...program, source: 'setInterval(() => {}, 1000); const f = () => 1;' })).status).toBe(
      'timed-out',
    );
  });
});

it('says which Python is missing', async () => {
  const run = programRunner({ unsafeExecution: true, python: 'no-such-python' });
  await expect(run({ language: 'python', source: '', tests: '' })).rejects.toThrow(/no-such-python/);
});

it('says which folder of packages is missing, before every program fails for it', async () => {
  const run = programRunner({ unsafeExecution: true, nodeModules: '/no/such/node_modules' });
  await expect(run({ language: 'javascript', source: '', tests: '' })).rejects.toThrow(/"\/no\/such\/node_modules"/);
});
