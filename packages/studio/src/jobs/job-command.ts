import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from './job.ts';
import { filesOf } from './job-folder.ts';

/**
 * The arguments of the command that does the job.
 * @param goesOn whether an earlier attempt may have left something: a sweep goes on by itself, a training is told to
 */
export function commandOf(job: Job, folder: string, goesOn: boolean): string[] {
  const { config, events } = filesOf(folder);
  const { kind, output, options } = job;
  const common = ['--output', output, '--json'];
  switch (kind) {
    case 'train': {
      // A run that was ended before its description was written left nothing to go on with.
      const resume = goesOn && existsSync(join(output, 'run.json')) ? ['--resume'] : [];
      return ['train', '--config', config, '--events', events, ...common, ...resume];
    }
    case 'sweep':
      return ['sweep', '--config', config, ...common];
    case 'export': {
      // It has few options, and reads no file of them.
      const { run, ...flags } = options;
      return [
        'export',
        ...Object.entries(flags).flatMap(flagOf),
        ...common,
        ...(run === undefined ? [] : ['--', `${run}`]),
      ];
    }
  }
}

const flagOf = ([name, value]: [string, unknown]): string[] =>
  value === undefined || value === null
    ? []
    : [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value)];
