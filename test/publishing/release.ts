/**
 * A release as it will be, and what newcomers meet of it (`pnpm test:release`, after `pnpm build`): a registry on this
 * machine, everything published into it, a change with a changeset, everything published again; and in empty folders with
 * empty caches what the README says, with every package manager. Exits with 77 where the registry can't be had.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withCreatedRecipe } from './created-recipe.ts';
import { unmeasured } from './first-ten-minutes.ts';
import { withEveryManager, withPlugAndPlay } from './managers.ts';
import { aChange, withNewerRecipe, withSecondRelease } from './newer-recipe.ts';
import { copyWorkspace } from './publish.ts';
import { installTools, type Tools } from './tools.ts';
import { NoRegistry, type Registry, startRegistry } from './verdaccio.ts';

/** The exit status of a test that was not run, as automake has it: neither passed nor failed. */
const SKIPPED = 77;

/** @returns how many of them failed */
async function release(scratch: string, registry: Registry, tools: Tools): Promise<number> {
  let failed = 0;
  const check = async <Result>(what: string, part: () => Result | Promise<Result>): Promise<Result | undefined> => {
    const began = performance.now();
    try {
      const result = await part();
      console.log(`✓ ${what} (${((performance.now() - began) / 1000).toFixed(0)} s)`);
      return result;
    } catch (error) {
      console.log(`✗ ${what}\n    ${(error as Error).message.replaceAll('\n', '\n    ')}`);
      failed += 1;
      return undefined;
    }
  };
  const means = { registry, scratch };
  const workspace = copyWorkspace(join(scratch, 'workspace'), registry);
  const first = await check('everything is published', () => workspace.release());
  if (first === undefined) return failed;
  for (const [what, part] of Object.entries(withEveryManager(means, tools))) await check(what, part);
  await check("yarn 4 with Plug'n'Play is refused with the way out", () => withPlugAndPlay(means, tools));
  await check('a created recipe is tested, built, published, and used by its name', () => withCreatedRecipe(means));
  await check('without Python and compiler: installed, trained, answered; core is as small as it may be', () =>
    unmeasured(means),
  );
  const second = await check('a change with a changeset is published as the next version', () => {
    workspace.change(aChange.folder, aChange.file, aChange.text);
    return workspace.release();
  });
  if (second === undefined) return failed;
  await check('the change arrives', () => withSecondRelease(means, second));
  await check('a recipe that needs a newer core says so, installed and loaded', () =>
    withNewerRecipe(means, first, second),
  );
  return failed;
}

const scratch = mkdtempSync(join(tmpdir(), 'counterweight-release-'));
let registry: Registry | undefined;
try {
  registry = await startRegistry(scratch);
  process.exitCode = (await release(scratch, registry, installTools(scratch, registry))) > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof NoRegistry)) throw error;
  console.log(`Skipped: there can be no registry here.\n${error.message}`);
  process.exitCode = SKIPPED;
} finally {
  registry?.stop();
  rmSync(scratch, { recursive: true, force: true });
}
