import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programRunner } from '../src/index.ts';
import { hasSandbox } from '../src/test-support.ts';
import { againstTheHarness } from './hostile/against-the-harness.ts';
import { type Bait, layBait, SECRET } from './hostile/bait.ts';
import { cheats, honest } from './hostile/cheats.ts';
import { evasionsInJavascript } from './hostile/evasions-in-javascript.ts';
import { evasionsInPython } from './hostile/evasions-in-python.ts';
import { hostileJavascript } from './hostile/javascript.ts';
import { hostilePython } from './hostile/python.ts';

/**
 * Programs that mean harm. Each is run in the sandbox with small limits, never without: none may pass, reach the bait,
 * leave a process or a file behind, or take longer than its time.
 */
const limits = {
  timeoutSeconds: 2,
  memoryMegabytes: 192,
  scratchMegabytes: 4,
  outputKilobytes: 64,
  processes: 48,
  parallel: 2,
};
const run = programRunner({ limits });
/** For programs that use up nothing, on a busy machine. */
const runPatiently = programRunner({ limits: { ...limits, timeoutSeconds: 30 } });
const suites = {
  javascript: { programs: hostileJavascript, tests: 'require("assert").strictEqual(await add(1, 2), 3)' },
  python: { programs: hostilePython, tests: 'assert add(1, 2) == 3' },
} as const;
const available = await hasSandbox();

describe.skipIf(!available)('hostile programs', () => {
  let bait: Bait;
  let before: string[];
  beforeAll(async () => {
    process.env.COUNTERWEIGHT_SECRET = SECRET;
    bait = await layBait();
    before = present();
  });
  afterAll(() => bait.remove());

  for (const language of ['javascript', 'python'] as const) {
    const { programs, tests } = suites[language];
    const names = Object.keys(programs({ file: '', folder: '', tcpPort: 0, udpPort: 0, unixSocket: '' } as Bait));
    it.concurrent.each(names)(`${language}: %s`, async (name) => {
      const source = programs(bait)[name] ?? '';
      const { status, detail } = await run({ language, source, tests });
      if (process.env.SHOW_OUTCOMES) console.log(language, name, '→', status, detail);
      expect(status).not.toBe('passed');
    });
  }

  it('leave nothing behind, and have reached nothing', async () => {
    expect(existsSync(bait.file)).toBe(true);
    expect(readFileSync(bait.file, 'utf8')).toBe(SECRET);
    expect(bait.visits()).toBe(0);
    expect(readdirSync(bait.folder).sort()).toEqual(['secret.txt', 'socket']);
    expect(present()).toEqual(before);
    const running = processesOfSandboxes();
    const stillThere = () => processesOfSandboxes().filter((pid) => running.includes(pid));
    await expect.poll(stillThere, { timeout: 60_000, interval: 200 }).toEqual([]);
  });
});

describe.skipIf(!available)('what tests rely on is as it was before the program', () => {
  it.concurrent.each(Object.entries(cheats))('%s: failed', async (_, program) => {
    expect(await run(program)).toMatchObject({ status: 'failed' });
  });
  it.concurrent.each(Object.entries(honest))('%s: passed', async (_, program) => {
    expect(await run(program)).toEqual({ status: 'passed', detail: '' });
  });
});

describe.skipIf(!available)('a failing test is seen, whatever the program does about it', () => {
  it.concurrent.each(Object.entries({ ...evasionsInJavascript, ...evasionsInPython }))('%s', async (_, program) => {
    expect((await runPatiently(program)).status).toMatch(/^(failed|ended-early)$/);
  });
  it.concurrent.each(['javascript', 'typescript'] as const)('in %s, whoever waits', async (language) => {
    const source = 'function add(a, b) { return new Promise((done) => setTimeout(() => done(a + b), 5)); }';
    const tests = `
      const late = new Promise(() => {});
      Promise.race([late, add(1, 2)]).then((sum) => { if (sum !== 3) throw new Error('wrong'); });
      (async () => { console.assert((await add(1, 2)) === 3); console.assert((await 4) === 4); })();
      add(0, 0).then((sum) => console.assert(sum === 0)).finally(() => {});`;
    expect(await runPatiently({ language, source, tests })).toEqual({ status: 'passed', detail: '' });
  });
});

describe.skipIf(!available)('what an adversary who knows the harness can still do', () => {
  it.concurrent.each(Object.entries(againstTheHarness))('%s: passed', async (_, program) => {
    expect(await run(program)).toEqual({ status: 'passed', detail: '' });
  });
});

describe.skipIf(!available)('an honest program after all that', () => {
  it.each(['javascript', 'python'] as const)('passes in %s', async (language) => {
    const source = language === 'python' ? 'def add(a, b): return a + b' : 'const add = (a, b) => a + b;';
    expect(await run({ language, source, tests: suites[language].tests })).toEqual({ status: 'passed', detail: '' });
  });
});

/** What the programs try to write, as far as it exists. */
function present(): string[] {
  const folders = ['/tmp', '/', '/dev', '/dev/shm', '/usr/lib', '/root', '/home'];
  const names = ['x', 'huge', 'out', 'etc', 'hard', '0', '1'];
  const paths = folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
  return paths.filter((path) => lstatSync(path, { throwIfNoEntry: false }));
}

/** Processes of sandboxes, which a daemon would be one of. Tests beside this one may have some, for a moment. */
function processesOfSandboxes(): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,uid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid, user, ...command] = line.trim().split(/\s+/);
    const isOne = Number(user) >= 0x60000000 || / \/harness\/(javascript|python)\./.test(command.join(' '));
    return isOne ? [Number(pid)] : [];
  });
}
