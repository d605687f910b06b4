import { resolve } from 'node:path';
import { byFirst, type Communicator } from '../training/communicator.ts';
import { type ClaimedFolder, claimRunFolder } from './claim-run-folder.ts';

/** The run folder, which the first worker claims: the others write nothing, and know it by its name. */
export async function claimTogether(
  workers: Communicator,
  output: string,
  options: Parameters<typeof claimRunFolder>[1],
): Promise<ClaimedFolder> {
  let claimed: ClaimedFolder = { path: resolve(output), async assertHeld() {}, async release() {} };
  await byFirst(workers, async () => {
    claimed = await claimRunFolder(output, options);
  });
  return claimed;
}
