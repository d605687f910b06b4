import { expect, it } from 'vitest';
import { SandboxUnavailableError } from '../sandbox/sandbox-unavailable.ts';
import { compiles } from './compiles.ts';

it('says for each source, in its own language, whether it parses', async () => {
  expect(
    await compiles([
      { language: 'python', code: 'def f(x):\n  return x' },
      { language: 'typescript', code: 'const x: number = 1' },
      { language: 'python', code: 'def f(x:' },
      { language: 'javascript', code: 'const x: number = 1' },
      { language: 'javascript', code: 'const x = 1' },
      { language: 'python', code: ' \n ' },
      { language: 'python', code: 'x = "\0"' },
      { language: 'python', code: 'f(x)' },
    ]),
  ).toEqual([true, true, false, false, true, false, false, true]);
});

it('goes on after a source that the compiler itself does not survive or refuses', async () => {
  const deep = `${'('.repeat(5000)}${')'.repeat(5000)}`;
  expect(
    await compiles([
      { language: 'python', code: deep },
      { language: 'python', code: 'x = 1' },
    ]),
  ).toEqual([false, true]);
});

it('says what is missing when there is no Python', async () => {
  await expect(compiles([{ language: 'python', code: 'x' }], 'no-such-python')).rejects.toThrow(
    SandboxUnavailableError,
  );
});
