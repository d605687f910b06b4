import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'create-recipe-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const node = (cwd: string, ...args: string[]) => {
  const ran = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return { status: ran.status, output: ran.stdout, complaint: ran.stderr };
};
const create = (...args: string[]) =>
  node(scratch, join(root, 'packages/create-counterweight-recipe/src/main.ts'), ...args);

/** What `npm install` would bring, from what the workspace has: no registry. */
function install(folder: string): void {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const places = [join(root, 'node_modules', name), join(root, 'packages/core/node_modules', name)];
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(places.find(existsSync) ?? `${name} is not in the workspace`, link, 'junction');
  }
}

/** Packs a package and lays what is in it where an installation would. */
function publishTo(target: string, folder: string): void {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const packed = spawnSync(npm, ['pack', '--json', '--ignore-scripts'], options);
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  expect(file, packed.stderr).toBeDefined();
  mkdirSync(target, { recursive: true });
  const unpacked = spawnSync('tar', ['-xzf', join(folder, file as string), '--strip-components=1', '-C', target]);
  expect(unpacked.status).toBe(0);
}

describe('a new recipe package', () => {
  const folder = join(scratch, 'recipe-lab-notes');

  it('is written without a question', () => {
    const { status, output } = create('@acme/recipe-lab-notes');
    expect(status).toBe(0);
    expect(output).toContain('cd recipe-lab-notes');
    const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.join('\n')).not.toMatch(/my-?(domain|field|answer|label|license|description)|0[.]0[.]0-core/i);
    expect(readdirSync(folder)).toContain('.gitignore');
  });

  it('brings the tools that this repository uses', () => {
    const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;
    const theirs = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).devDependencies;
    for (const name of ['@types/node', 'tsup', 'typescript', 'vitest']) expect(theirs[name]).toBe(ours[name]);
  });

  it('type-checks, passes its tests, and builds', () => {
    install(folder);
    const tools = join(root, 'node_modules');
    expect(node(folder, join(tools, 'typescript/bin/tsc'))).toMatchObject({ output: '', status: 0 });
    const tests = node(folder, join(tools, 'vitest/vitest.mjs'), 'run', '--reporter=json', '--outputFile=report.json');
    expect(tests.complaint).toBe('');
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect(report).toMatchObject({ success: true, numFailedTests: 0 });
    expect(report.numPassedTests).toBeGreaterThan(8);
    expect(node(folder, join(tools, 'tsup/dist/cli-default.js'))).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, 'dist/index.d.ts'))).toBe(true);
    const use = "const { labNotes } = await import('@acme/recipe-lab-notes'); console.log(labNotes().name)";
    expect(node(folder, '--input-type=module', '-e', use)).toMatchObject({ output: 'lab-notes\n', status: 0 });
  });
});

describe('a new recipe package with labels', () => {
  const folder = join(scratch, 'counterweight-recipe-triage');
  const elsewhere = join(scratch, 'elsewhere');
  const modules = join(elsewhere, 'node_modules');

  it('type-checks, passes its tests, and builds', () => {
    const flags = ['--fields', 'subject,messageBody', '--answer', 'team', '--labels', "billing,it's broken"];
    expect(create('counterweight-recipe-triage', ...flags)).toMatchObject({ complaint: '', status: 0 });
    install(folder);
    const tools = join(root, 'node_modules');
    expect(node(folder, join(tools, 'typescript/bin/tsc'))).toMatchObject({ output: '', status: 0 });
    const tests = node(folder, join(tools, 'vitest/vitest.mjs'), 'run', '--reporter=json', '--outputFile=report.json');
    expect(tests.complaint).toBe('');
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ success: true });
    expect(node(folder, join(tools, 'tsup/dist/cli-default.js'))).toMatchObject({ status: 0 });
  });

  it('trains by its name from another folder, as what npm publishes of it', { timeout: 120_000 }, () => {
    publishTo(join(modules, 'counterweight-recipe-triage'), folder);
    for (const name of ['@counterweight/core', 'zod']) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(folder, 'node_modules', name), join(modules, name), 'junction');
    }
    const cli = join(root, 'packages/cli/src/main.ts');
    const data = join(folder, 'samples/rows.jsonl');
    const model = ['--model', join(root, 'models/stories260k')];
    const flags = ['--data', data, ...model, '--instruction', 'Which team?', '--max-steps', '2', '--output', 'run'];
    expect(node(elsewhere, cli, 'train', '--recipe', 'triage', ...flags)).toMatchObject({ status: 0 });
    const run = JSON.parse(readFileSync(join(elsewhere, 'run/run.json'), 'utf8'));
    expect(run.recipe).toMatchObject({ name: 'triage', options: { instruction: 'Which team?' } });
    const row = ['--row', '{"subject": "No bill", "messageBody": "Where is it?"}', '--adapter', 'run/adapter'];
    const answered = node(elsewhere, cli, 'generate', '--recipe', 'triage', ...model, ...row);
    expect(answered.output.trim()).toMatch(/^(billing|it's broken)$/);
    const help = node(elsewhere, cli, 'train', '--recipe', 'triage', '--help').output.replace(/\s+/g, ' ');
    expect(help).toContain('--instruction <text> stands at the end of the prompt');
  });
});

describe('a mistake', () => {
  it.each([
    ['a folder that holds something', 'taken', /The folder .*taken is not empty[\s\S]*fix:/],
    ['a name that npm refuses', 'Lab Notes', /"Lab Notes" can't be the name[\s\S]*fix:/],
    ['a second name', ['recipe-a', 'recipe-b'], /recipe-b is left over/],
    ['no name, and nobody to ask', [], /name of the package is missing[\s\S]*npm create counterweight-recipe NAME/],
  ])('exits with 2 and says what to do: %s', (_, args, complaint) => {
    mkdirSync(join(scratch, 'taken'), { recursive: true });
    writeFileSync(join(scratch, 'taken/precious.txt'), 'mine');
    const created = create(...[args].flat());
    expect(created.complaint).toMatch(complaint);
    expect(created.status).toBe(2);
    expect(existsSync(join(scratch, 'recipe-a'))).toBe(false);
    expect(readFileSync(join(scratch, 'taken/precious.txt'), 'utf8')).toBe('mine');
  });
});
