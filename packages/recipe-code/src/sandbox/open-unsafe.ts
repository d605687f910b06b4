import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './launch.ts';
import type { Place, SandboxChoice } from './open-sandbox.ts';

/**
 * No sandbox: programs run with all the rights of the user, in a scratch folder, with an empty environment and the
 * limits on time, output and (on Linux) memory. This guards against mistakes, not against malice.
 */
export function openUnsafe({ limits, nodeModules }: SandboxChoice): Place {
  return async (runtime, input) => {
    const scratch = await mkdtemp(join(tmpdir(), 'counterweight-code-'));
    try {
      const harness = join(scratch, runtime.harness.name);
      await writeFile(harness, runtime.harness.text);
      if (nodeModules !== undefined) await symlink(nodeModules, join(scratch, 'node_modules'));
      return await launch(
        {
          file: runtime.executable,
          arguments: [...runtime.arguments, harness],
          workingFolder: scratch,
          environment: runtime.environment,
          input,
          data: [],
          ownGroup: process.platform !== 'win32',
        },
        limits,
      );
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}
