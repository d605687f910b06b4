import { duration } from './format.ts';
import type { Terminal } from './terminal.ts';

/** A plain line this often where there is no terminal to draw a bar on. */
const secondsBetweenLines = 10;

export interface Progress {
  /** `details` follow the bar: `loss 1.23`. */
  update(done: number, of: number, details?: string): void;
  /** Takes the bar away. */
  end(): void;
}

export interface ProgressOptions {
  /** Units that were done when the clock began: a resumed run does not start at 0. */
  readonly doneBefore?: number;
  /** Milliseconds. */
  readonly clock?: () => number;
}

/** How far a task is: a live bar on a terminal, otherwise a line now and then and one at the end. */
export function startProgress(
  label: string,
  terminal: Terminal,
  { doneBefore = 0, clock = Date.now }: ProgressOptions = {},
): Progress {
  const start = clock();
  let lastLine = start;
  const counted = (done: number, of: number) =>
    `${label} ${done}/${of}`.padEnd(label.length + 2 + 2 * String(of).length);
  const eta = (done: number, of: number) => {
    const seconds = (clock() - start) / 1000;
    const made = done - doneBefore;
    return made > 0 && done < of && seconds > 0 ? `ETA ${duration((seconds / made) * (of - done))}` : '';
  };
  const line = (done: number, of: number, details: string) => {
    const left = eta(done, of);
    return `${counted(done, of)}  ${details}${left && `  ${left}`}`.trimEnd();
  };
  const live = (done: number, of: number, details: string) => {
    const fraction = of > 0 ? done / of : 1;
    const whole = line(done, of, details);
    if (barWidth + 1 + whole.length < terminal.columns) return `${bar(fraction, barWidth, terminal)} ${whole}`;
    // Where not all of it fits, what is cut off is the end of the details, never the time that is left.
    const parts = [counted(done, of).trimEnd(), eta(done, of), details].filter(Boolean);
    return `${bar(fraction, narrowBarWidth, terminal)} ${parts.join('  ')}`;
  };
  return {
    update(done, of, details = '') {
      if (terminal.live) {
        terminal.status(live(done, of, details));
      } else if (clock() - lastLine >= secondsBetweenLines * 1000 || done === of) {
        lastLine = clock();
        terminal.note(line(done, of, details));
      }
    },
    end: () => terminal.status(''),
  };
}

const barWidth = 24;
const narrowBarWidth = 8;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(fraction: number, width: number, { noteColors }: Terminal): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  const blocks = '█'.repeat(Math.floor(filled / 8)) + (eighths[filled % 8] ?? '');
  return noteColors.green(blocks) + noteColors.dim('·'.repeat(width - blocks.length));
}
