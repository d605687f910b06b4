import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { duration, table } from '../format.ts';

export const engineInstall: Command = defineCommand({
  name: 'engine install',
  summary: 'Put TensorFlow in place, several times faster than WebAssembly. Says first what it downloads.',
  example: 'counterweight engine install',
  options: z.strictObject({
    gpu: z.boolean().default(false).describe('with CUDA, for a machine with an NVIDIA GPU and its driver'),
  }),
  async run({ gpu }, { core, terminal, signal }) {
    const { noteColors: colors } = terminal;
    const plan = core.describeInstallation({ gpu });
    const { engine, downloads, downloadMegabytes, tools, installed } = plan;
    if (!installed) {
      terminal.note(`${colors.bold(engine)} goes into ${plan.folder}`);
      terminal.note(`Downloads ${megabytes(downloadMegabytes)}:`);
      terminal.note(
        table(downloads.map(({ what, by, megabytes: size }) => [what, `with ${by}`, megabytes(size)])).trimEnd(),
      );
      terminal.note(`Needs on this machine: ${tools.join(', ')}\n`);
    }
    const start = Date.now();
    const onProgress = (line: string) =>
      terminal.note(`${colors.dim(duration((Date.now() - start) / 1000).padStart(5))}  ${line}`);
    const { folder } = await core.installEngine({ gpu, onProgress, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      terminal.note('Not installed. WebAssembly works without it, slower.\n');
      throw error;
    });
    const outcome = installed ? 'was installed already' : 'is installed';
    terminal.print(`${engine} ${outcome} and will be used from now on.\nSee what it does: counterweight doctor\n`);
    return { engine, folder, alreadyInstalled: installed };
  },
});

const megabytes = (n: number): string => (n >= 1000 ? `${(n / 1000).toFixed(1)} GB` : `${n} MB`);
