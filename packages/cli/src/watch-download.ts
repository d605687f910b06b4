import type { DownloadProgress } from '@counterweight/core';
import { type Progress, startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);

/** Shows files coming from the hub, one bar or line each, on standard error. */
export function watchDownload(terminal: Terminal): (progress: DownloadProgress) => void {
  let current: { file: string; bar: Progress } | undefined;
  return ({ file, done, of }) => {
    if (current?.file !== file) current = { file, bar: startProgress(`downloading ${file}`, terminal) };
    current.bar.update(megabytes(done), megabytes(of), 'MB');
    if (done === of) current.bar.end();
  };
}
