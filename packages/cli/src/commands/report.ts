import { relative, resolve } from 'node:path';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';

export const report: Command = defineCommand({
  name: 'report',
  summary:
    'Put a run on one page that needs nothing else: what it was trained on, and what came of it. Several are compared.',
  example: 'counterweight report runs/first runs/second --output comparison.html',
  options: z.strictObject({
    runs: z
      .array(z.string().min(1))
      .min(1)
      .describe('run folders, as far as they went; or the folder of a sweep')
      .meta({ placeholder: 'run', variadic: true }),
    output: z
      .string()
      .min(1)
      .optional()
      .describe('the page (default: report.html in the folder of the run or sweep; of several runs, here)')
      .meta({ placeholder: 'file' }),
  }),
  argument: 'runs',
  async run({ runs, output }, { core, cwd, terminal }) {
    const folders = runs.map((run) => resolve(cwd, run));
    const single = folders.length === 1 ? undefined : resolve(cwd, 'report.html');
    const { file } = await core.reportRuns(folders, { output: output === undefined ? single : resolve(cwd, output) });
    terminal.print(`Written to ${relative(cwd, file)}\n`);
    return { report: file };
  },
});
