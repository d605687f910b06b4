import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { create } from './create.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'create-recipe-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const text = (path: string) => readFileSync(join(cwd, path), 'utf8');

/** Streams as a terminal has them, and somebody who types the next line when something is asked. */
function terminalOf(lines: readonly string[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  const left = [...lines];
  let shown = '';
  stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    // After a question readline puts the cursor to its end.
    if (/: (.\[\d+G)?$/.test(chunk.toString())) setImmediate(() => stdin.write(left.shift() ?? '\u0003'));
  });
  return { streams: { stdin, stdout }, shown: () => shown, left };
}

/** Streams of a script. */
function pipes() {
  const stdout = new PassThrough();
  let shown = '';
  stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { streams: { stdin: new PassThrough(), stdout }, shown: () => shown };
}

describe('on a terminal', () => {
  it('asks what no flag says, again where an answer cannot be, and takes the default for an empty one', async () => {
    const typed = [
      ...['Bad Name\n', 'counterweight-recipe-triage\n'],
      '\n', // the description
      ...['Two words\n', 'subject, messageBody\n'],
      ...['subject\n', 'team\n'],
      ...['billing\n', "billing, it's broken\n"],
      ...['2\n', '0\n'],
    ];
    const { streams, shown, left } = terminalOf(typed);
    await create(['--license', 'MIT'], streams, cwd);
    expect(left).toEqual([]);
    expect(shown()).toMatch(/"Bad Name" can't be the name[\s\S]*"Two words" can't be the name of a field/);
    expect(shown()).toMatch(/"subject" can't be shown[\s\S]*leaves nothing to choose[\s\S]*"2" is no weight/);
    expect(shown()).not.toContain('Licence');
    const folder = 'counterweight-recipe-triage';
    expect(JSON.parse(text(`${folder}/package.json`))).toMatchObject({
      name: folder,
      description: 'A Counterweight recipe for rows of triage',
      license: 'MIT',
    });
    expect(text(`${folder}/src/row.ts`)).toMatch(/subject: z.*\n {2}messageBody: z.*\n {2}team: z.enum\(labels\)/);
    expect(text(`${folder}/src/labels.ts`)).toContain("'billing', //\n  'it\\'s broken', //");
    expect(text(`${folder}/src/recipe.ts`)).toContain('promptLossWeight: 0,');
    expect(text(`${folder}/samples/rows.jsonl`).split('\n')[1]).toBe(
      '{"subject":"Subject of row 2","messageBody":"Message body of row 2","team":"it\'s broken"}',
    );
  });

  it('asks nothing with --yes', async () => {
    const { streams, left } = terminalOf(['never read\n']);
    await create(['recipe-triage', '--yes'], streams, cwd);
    expect(left).toHaveLength(1);
    expect(text('recipe-triage/src/row.ts')).toContain('question: z');
  });

  it('writes nothing where somebody leaves', async () => {
    const { streams } = terminalOf(['recipe-triage\n']);
    await expect(create([], streams, cwd)).rejects.toMatchObject({ name: 'Left', message: 'Nothing was written.' });
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('without a terminal', () => {
  it('takes flags, and defaults for the rest', async () => {
    const { streams } = pipes();
    const flags = ['--description', 'Says "which" \\ team', '--fields', 'title', '--prompt-loss-weight', '0.03'];
    await create(['@acme/recipe-triage', ...flags], streams, cwd);
    expect(JSON.parse(text('recipe-triage/package.json'))).toMatchObject({
      name: '@acme/recipe-triage',
      description: 'Says "which" \\ team',
      license: 'UNLICENSED',
    });
    expect(text('recipe-triage/README.md')).toContain('Says "which" \\ team\n');
    expect(text('recipe-triage/src/recipe.ts')).toContain('promptLossWeight: 0.03,');
    expect(readdirSync(join(cwd, 'recipe-triage/src'))).not.toContain('labels.ts');
  });

  it('says in its README by which name the recipe is found', async () => {
    await create(['counterweight-recipe-triage'], pipes().streams, cwd);
    expect(text('counterweight-recipe-triage/README.md')).toContain('--recipe triage');
    await create(['@acme/recipe-night'], pipes().streams, cwd);
    const readme = text('recipe-night/README.md');
    expect(readme).toMatch(
      /--recipe @acme\/recipe-night[\s\S]*`counterweight-recipe-night` is found as `--recipe night`/,
    );
  });

  it('lists every flag with its default', async () => {
    const { streams, shown } = pipes();
    await create(['--help'], streams, cwd);
    for (const flag of ['description', 'fields', 'answer', 'labels', 'prompt-loss-weight', 'license', 'yes', 'help']) {
      expect(shown()).toMatch(new RegExp(`^ {2}--${flag} `, 'm'));
    }
    expect(shown()).toContain('(question)');
    expect(
      Math.max(
        ...shown()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(120);
  });

  it.each([
    ['no name', [], /name of the package is missing/],
    ['a flag that there is not', ['recipe-a', '--colour', 'red'], /'--colour'[\s\S]*fix: See .*--help/],
    ['a flag without its value', ['recipe-a', '--fields'], /--fields[\s\S]*fix:/],
    ['a field that is its own answer', ['recipe-a', '--fields', 'a,b', '--answer', 'b'], /"b" can't be shown/],
    ['a field given twice', ['recipe-a', '--fields', 'a,a'], /"a" is there twice/],
    ['no field', ['recipe-a', '--fields', ','], /There is no field/],
    ['a single label', ['recipe-a', '--labels', 'yes'], /nothing to choose/],
    ['a weight above 1', ['recipe-a', '--prompt-loss-weight', '1.5'], /"1.5" is no weight/],
    ['an empty description', ['recipe-a', '--description', ' '], /not a line of text/],
  ])('writes nothing after %s', async (_, args, complaint) => {
    const refusal = await create(args, pipes().streams, cwd).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'Mistake', message: expect.stringMatching(complaint) });
    expect(readdirSync(cwd)).toEqual([]);
  });
});
