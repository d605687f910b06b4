import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RowError, UserError } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Command, defineCommand } from './command.ts';
import { commands } from './commands/index.ts';
import { Interrupted } from './signals.ts';
import { lastJson, runWith } from './test-support.ts';

const schema = z.strictObject({
  times: z.int().positive().default(1).describe('how often'),
  word: z.string().optional(),
});

/** A command that ends as the test wants. */
const command = (end: (options: z.output<typeof schema>) => unknown): Command =>
  defineCommand({
    name: 'say',
    summary: 'Say it.',
    example: 'counterweight say --times 2',
    options: schema,
    alsoAccepts: z.strictObject({ volume: z.number().optional() }),
    async run(options, { terminal }) {
      terminal.print('said\n');
      return end(options);
    },
  });

const throwing = (error: unknown) =>
  command(() => {
    throw error;
  });

describe('run', () => {
  it('prints the result for people, and exits with 0', async () => {
    expect(await runWith([command(() => ({}))], ['say'])).toEqual({ exitCode: 0, stdout: 'said\n', stderr: '' });
  });

  it('prints one JSON object and nothing else under --json', async () => {
    const { stdout, exitCode } = await runWith([command((options) => options)], ['say', '--json', '--times', '3']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('{"times":3}\n');
  });

  it('exits with 2 for a mistake, with what, where and how to mend it, without a stack', async () => {
    const mistake = new UserError({ code: 'file-not-found', problem: 'No file', where: 'a.csv', fix: 'Check it.' });
    const { exitCode, stderr } = await runWith([throwing(mistake)], ['say']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('error: No file\n  where: a.csv\n  fix:   Check it.\n');
  });

  it('prints the mistake as the JSON object under --json', async () => {
    const mistake = new UserError({ code: 'file-not-found', problem: 'No file', fix: 'Check it.' });
    const { stdout } = await runWith([throwing(mistake)], ['say', '--json']);
    expect(lastJson(stdout)).toEqual({ error: { code: 'file-not-found', message: mistake.message } });
  });

  it.each([
    ['a row', new RowError('message', 'is missing'), 'field "message"'],
    ['a schema', z.strictObject({}).safeParse({ a: 1 }).error, 'Unrecognized key'],
  ])('takes an error of %s for a mistake of the user', async (_, error, text) => {
    const { exitCode, stderr } = await runWith([throwing(error)], ['say']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(text)]);
  });

  it('takes an error that carries its fix for a mistake of the user', async () => {
    const own = Object.assign(new Error('there is no sandbox'), { name: 'SandboxError', fix: 'Install one.' });
    const { exitCode, stderr } = await runWith([throwing(own)], ['say']);
    expect([exitCode, stderr]).toEqual([2, 'error: there is no sandbox\n  fix:   Install one.\n']);
  });

  it('exits with 1 for anything else, with the stack only on request', async () => {
    const broken = [throwing(new Error('it broke'))];
    const short = await runWith(broken, ['say']);
    expect(short).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('error: it broke') });
    expect(short.stderr).not.toContain('run.test.ts');
    expect((await runWith(broken, ['say', '--debug'])).stderr).toContain('run.test.ts');
    expect((await runWith(broken, ['say'], { env: { COUNTERWEIGHT_DEBUG: '1' } })).stderr).toContain('run.test.ts');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('exits after %s with %i, and says what there is', async (signal, code) => {
    const ended = throwing(new Interrupted(signal, 'Stopped after step 3.', { step: 3 }));
    const { exitCode, stdout, stderr } = await runWith([ended], ['say', '--json']);
    expect([exitCode, stderr]).toEqual([code, 'Stopped after step 3.\n']);
    const error = { code: 'interrupted', message: 'Stopped after step 3.', signal, step: 3 };
    expect(lastJson(stdout)).toEqual({ error });
  });

  it('leaves a command that has nothing to save soon after a signal', async () => {
    const controller = new AbortController();
    const endless = command(() => {
      controller.abort(new Interrupted('SIGTERM'));
      return new Promise(() => {});
    });
    expect((await runWith([endless], ['say'], { signal: controller.signal })).exitCode).toBe(143);
  });

  it.each([
    [['say', '--tines', '2'], "unknown option '--tines'", 'Did you mean --times?'],
    [['say', '--lora-r', '2'], "unknown option '--lora-r'", '--help lists'],
    [['say', '--tines=2', '--zzzzz'], "unknown options '--tines', '--zzzzz'", 'Did you mean --tines → --times?'],
    [['sya'], "unknown command 'sya'", 'Did you mean say?'],
    [['say', '--times'], "option '--times <n>' argument missing", '--help says how'],
    [['say', '--times', 'often'], '--times takes a number, not "often"', '--times <n>'],
    [['say', '--times', '0'], 'times cannot be 0', 'how often'],
    [['say', 'aloud'], 'too many arguments', '--help says how'],
  ])('calls %j a mistake', async (argv, problem, fix) => {
    const { exitCode, stderr } = await runWith([command(() => ({}))], argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(fix);
  });

  it('says which flags change nothing in a command', async () => {
    const { exitCode, stderr } = await runWith([command(() => ({}))], ['say', '--volume', '11']);
    expect([exitCode, stderr]).toEqual([0, 'note: --volume changes nothing in say\n']);
  });

  it.each([
    ['run.json', '{"times": 2, "word": "file"}'],
    ['run.yaml', 'times: 2\nword: file\n'],
    ['run.ts', 'const times: number = 2;\nexport default { times, word: "file" };'],
    ['run.js', 'export default { times: 2, word: "file", volume: 3 };'],
  ])('reads options from %s; flags win', async (name, text) => {
    const cwd = await mkdtemp(join(tmpdir(), 'counterweight-config-'));
    await writeFile(join(cwd, name), text);
    const argv = ['say', '--json', '--config', name, '--word', 'flag'];
    const { stdout, stderr } = await runWith([command((options) => options)], argv, { cwd });
    expect(stderr).toBe('');
    expect(lastJson(stdout)).toEqual({ times: 2, word: 'flag' });
    await rm(cwd, { recursive: true });
  });

  it.each([
    ['run.json', '{"times": ', 'does not load'],
    ['run.json', '[1]', 'one object of options'],
    ['run.json', '{"tmies": 2}', 'Did you mean times?'],
    ['run.toml', '', 'Use .ts, .js, .json or .yaml.'],
    ['run.yaml', undefined, 'cannot be read'],
  ])('calls %s with %j a mistake', async (name, text, message) => {
    const cwd = await mkdtemp(join(tmpdir(), 'counterweight-config-'));
    if (text !== undefined) await writeFile(join(cwd, name), text);
    const { exitCode, stderr } = await runWith([command(() => ({}))], ['say', '--config', name], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain(name);
    await rm(cwd, { recursive: true });
  });
});

describe('the commands', () => {
  it('are those of the contract that there are so far', () => {
    const names = [
      'doctor',
      'engine install',
      'engine remove',
      'import-config',
      'preview',
      'train',
      'evaluate',
      'score',
      'generate',
      'serve',
      'export',
      'push',
      'report',
      'verify',
      'sweep',
      'sweep plan',
      'sweep work',
      'sweep report',
      'sweep print',
      'sweep cancel',
      'worker',
      'studio',
      'cache clean',
    ];
    expect(commands.map(({ name }) => name)).toEqual(names);
  });

  it.each(commands.map(({ name, example }) => [name, example]))(
    '%s has help with an example',
    async (name, example) => {
      const { exitCode, stdout } = await runWith(commands, [...name.split(' '), '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`$ ${example}`);
      expect(stdout).toContain('--json');
    },
  );

  it('shows its help, as a mistake, when no command is named', async () => {
    const { exitCode, stderr } = await runWith(commands, []);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('preview');
  });

  it('prints its version', async () => {
    expect(await runWith(commands, ['--version'])).toMatchObject({ exitCode: 0, stdout: '1.2.3\n' });
  });
});
