import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launch } from './launch.ts';
import { limitsSchema } from './limits.ts';
import type { Launch } from './supervise.ts';

const limits = limitsSchema.parse({ timeoutSeconds: 60 });
const shell = (script: string): Launch => ({
  file: '/bin/sh',
  arguments: ['-c', script],
  workingFolder: '/',
  environment: {},
  input: '',
  data: [],
  ownGroup: true,
});
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const launcherOf = async () => Number((await launch(shell('echo $PPID >&3'), limits)).result);

describe.skipIf(process.platform !== 'linux')('a process that is launched', () => {
  it('is started by one that is not ours, and has nothing of our environment', async () => {
    process.env.OF_OURS = 'here';
    const { result } = await launch(shell('echo $PPID >&3; tr "\\0" "\\n" < /proc/$PPID/environ >&3'), limits);
    const [pid = '', ...environment] = result.trim().split('\n');
    expect(Number(pid)).not.toBe(process.pid);
    expect(environment.join()).not.toContain('OF_OURS');
    expect(await launcherOf()).toBe(Number(pid));
  });

  it('tells of a program that is not there', async () => {
    await expect(launch({ ...shell(''), file: '/no/such/program' }, limits)).rejects.toThrow('ENOENT');
  });

  it('fails where the launcher is gone, and starts another', async () => {
    const before = await launcherOf();
    await expect(launch(shell('kill -9 $PPID; sleep 60'), limits)).rejects.toThrow('has ended: SIGKILL');
    expect(await launcherOf()).not.toBe(before);
  });

  it('leaves nothing running where the process that asks is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterweight-launch-'));
    try {
      const told = join(folder, 'pids');
      const script = `
        import { launch } from ${JSON.stringify(new URL('./launch.ts', import.meta.url).href)};
        await launch(${JSON.stringify(shell(`echo $$ $PPID > ${told}.new; mv ${told}.new ${told}; sleep 60`))},
          ${JSON.stringify(limits)});`;
      const asking = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
        stdio: 'inherit',
      });
      await expect.poll(() => existsSync(told), { timeout: 20_000 }).toBe(true);
      const pids = readFileSync(told, 'utf8').trim().split(' ').map(Number);
      expect(pids.map(isAlive)).toEqual([true, true]);
      asking.kill('SIGKILL');
      await expect.poll(() => pids.some(isAlive), { timeout: 20_000 }).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
