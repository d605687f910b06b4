import { spawn } from 'node:child_process';
import { printStep } from './terminal.ts';

/** Builds every package. The compiler's output is shown only when it fails. */
export async function build(): Promise<void> {
  const child = spawn('pnpm', ['build'], { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text));
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`The build failed:\n${log}`);
  printStep('Built the packages');
}
