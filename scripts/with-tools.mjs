/**
 * Runs a command of this repository with the tools it needs: `node scripts/with-tools.mjs COMMAND [ARGUMENT…]`.
 *
 * Where Node or pnpm is missing or older than package.json's `engines` ask for, npx brings a current one into its cache
 * (nothing is installed on the machine). Then the dependencies are installed as the lockfile says, and the command runs.
 * Plain JavaScript without dependencies, because it is what an older Node starts with.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const brought = { node: 'node@24', pnpm: 'pnpm@12' };

/**
 * Whether a version is in a range made of `^a.b.c` and `>=a.b.c`, joined by `||`.
 * @param {string} version @param {string} range
 */
export function satisfies(version, range) {
  const found = numbers(version);
  if (found.length !== 3) return false;
  return range.split('||').some((part) => {
    const wanted = numbers(part);
    return !isOlder(found, wanted) && (!part.trim().startsWith('^') || found[0] === wanted[0]);
  });
}

/** @param {string} text */
function numbers(text) {
  return (/(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
}

/** @param {number[]} a @param {number[]} b */
function isOlder(a, b) {
  const place = a.findIndex((number, index) => number !== b[index]);
  return place >= 0 && Number(a[place]) < Number(b[place]);
}

/**
 * On Windows npx and pnpm are .cmd files, which only a shell starts.
 * @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} options
 */
function start(command, args, options) {
  if (process.platform !== 'win32') return spawn(command, args, { cwd: root, ...options });
  const line = [command, ...args].map((word) => (/^[\w@./:\\=-]+$/.test(word) ? word : `"${word}"`)).join(' ');
  return spawn(line, { cwd: root, ...options, shell: true });
}

/**
 * Runs to the end, without a terminal.
 * @param {string} command @param {string[]} args @returns {Promise<{ ok: boolean, output: string, log: string }>}
 */
function capture(command, args) {
  return new Promise((resolve) => {
    const child = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let log = '';
    child.stdout?.on('data', (text) => {
      output += text;
      log += text;
    });
    child.stderr?.on('data', (text) => {
      log += text;
    });
    child.on('error', (error) => resolve({ ok: false, output, log: `${log}${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, output, log }));
  });
}

/**
 * One line on standard error: what is done, and its seconds; the whole log only where it fails.
 * @param {string} name @param {string} fix @param {string} command @param {string[]} args
 */
async function step(name, fix, command, args) {
  process.stderr.write(`${name} … `);
  const began = performance.now();
  const { ok, output, log } = await capture(command, args);
  process.stderr.write(`${ok ? '' : 'failed after '}${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  if (ok) return output;
  process.stderr.write(`\n${command} ${args.join(' ')}\n${log}\n  fix: ${fix}\n`);
  return process.exit(1);
}

/** Puts a current Node and pnpm first on the PATH, where the machine's own will not do. */
async function bringTools() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const nodeWillDo = satisfies(process.versions.node, engines.node);
  if (nodeWillDo && satisfies((await capture('pnpm', ['--version'])).output, engines.pnpm)) return;
  const packages = nodeWillDo ? [brought.pnpm] : [brought.node, brought.pnpm];
  const output = await step(
    `${nodeWillDo ? 'no current pnpm' : `Node ${process.versions.node} is too old`} here: npx brings ${packages.join(' and ')}`,
    `make sure that npx reaches its registry, or put ${packages.join(' and ')} on the PATH yourself`,
    'npx',
    ['-y', ...packages.flatMap((name) => ['-p', name]), 'node', '-p', 'process.env.PATH'],
  );
  process.env.PATH = output.trim().split(/\r?\n/).at(-1);
}

/** @param {string[]} words */
async function main([command, ...args]) {
  if (!command) {
    process.stderr.write('usage: node scripts/with-tools.mjs COMMAND [ARGUMENT…]\n');
    process.exit(2);
  }
  process.env.COREPACK_ENABLE_DOWNLOAD_PROMPT = '0';
  await bringTools();
  await step('installing dependencies', 'mend what the log names, then run the same command again', 'pnpm', [
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
  ]);
  const child = start(command, args, { stdio: 'inherit' });
  // Ctrl-C reaches the child from the terminal; we wait for it to end in its own way.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('close', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 1)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
