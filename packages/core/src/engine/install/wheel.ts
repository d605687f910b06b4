import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type InstallPlan, type Wheel, wheelPythonVersion } from './install-plan.ts';
import { installationFailed, runTool } from './run-tool.ts';

/**
 * Fetches a wheel with pip, by name and version, and lays the wanted entries below `site`, as pip would in
 * site-packages. The wheel itself is removed. The user's Python only fetches and unpacks: the wheel is chosen by
 * explicit tags, so its version does not matter.
 *
 * @throws {UserError} `engine-unavailable` when pip cannot get the wheel, or the wheel lacks an entry.
 */
export async function unpackWheel(
  python: string,
  plan: InstallPlan,
  wheel: Wheel,
  { site, signal }: { readonly site: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const folder = join(site, '..', 'wheel');
  await mkdir(folder, { recursive: true });
  await mkdir(site, { recursive: true });
  await runTool(
    python,
    ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--python-version', wheelPythonVersion]
      .concat(plan.platformTags.flatMap((tag) => ['--platform', tag]))
      .concat(['--dest', folder, wheel.requirement]),
    {
      folder,
      environment: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PIP_REQUIRE_VIRTUALENV: '0' },
      signal,
    },
  );
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (!file) throw installationFailed(`pip brought no wheel for ${wheel.requirement}`);
  const missing = await runTool(python, ['-c', unpackProgram, join(folder, file), site, ...wheel.keep], {
    folder,
    signal,
  });
  if (missing.trim()) throw installationFailed(`${file} holds nothing under ${missing.trim()}`);
  await rm(folder, { recursive: true });
}

/** Arguments: wheel, target folder, path prefixes. Prints the prefixes that match nothing. */
const unpackProgram = `
import sys, zipfile
wheel, target, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    names = archive.namelist()
    archive.extractall(target, [name for name in names if name.startswith(tuple(prefixes))])
print(*(prefix for prefix in prefixes if not any(name.startswith(prefix) for name in names)))
`;
