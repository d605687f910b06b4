import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { bytes } from '../format.ts';

export const engineRemove: Command = defineCommand({
  name: 'engine remove',
  summary: 'Take away the TensorFlow that `engine install` has put in place; our own engine stays.',
  example: 'counterweight engine remove',
  options: z.strictObject({}),
  async run(_, { core, terminal }) {
    const [engines] = await core.removeKeptFiles(['engines']);
    terminal.print(
      engines
        ? `Gone: ${engines.folder}, ${bytes(engines.bytes)}\n`
        : 'None was installed: there is nothing to remove.\n',
    );
    return { removed: engines?.folder ?? null, freedBytes: engines?.bytes ?? 0 };
  },
});
