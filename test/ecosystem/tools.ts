import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureVenv } from '../../bench/venv.ts';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs one of the scripts in `python/` on a list of jobs, with the environment of `bench/`. */
export async function runPython(script: string, jobs: readonly object[], jobsFile: string): Promise<string> {
  await writeFile(jobsFile, JSON.stringify(jobs));
  const { stdout } = await run(ensureVenv(), [`${here}/python/${script}`, jobsFile], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_VERBOSITY: 'error' },
  });
  return stdout;
}
