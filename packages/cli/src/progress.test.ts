import { describe, expect, it } from 'vitest';
import { startProgress } from './progress.ts';
import { openTerminal } from './terminal.ts';
import { memoryStream } from './test-support.ts';

function progressOn(isTTY: boolean, columns = 120) {
  const stderr = memoryStream({ isTTY, columns });
  let now = 0;
  const terminal = openTerminal({ stdout: memoryStream(), stderr, env: { NO_COLOR: '1' } }, false);
  const progress = startProgress('step', terminal, { clock: () => now });
  return { progress, stderr, wait: (seconds: number) => (now += seconds * 1000) };
}

describe('startProgress', () => {
  it('draws over one line on a terminal, with the time that is left', () => {
    const { progress, stderr, wait } = progressOn(true);
    wait(10);
    progress.update(25, 100, 'loss 1.5');
    progress.end();
    expect(stderr.text()).toBe(
      '\r\u001b[2K██████·················· step 25/100   loss 1.5  ETA 0:30\r\u001b[2K\r\u001b[2K',
    );
  });

  it('shows the time that is left and the losses on 80 columns', () => {
    const { progress, stderr, wait } = progressOn(true, 80);
    wait(600);
    progress.update(310, 1350, 'loss 10.6157  prompt 3.6195  completion 18.8363   8,643 tokens/s');
    const shown = stderr.text().replace('\r\u001b[2K', '');
    expect(shown).toContain('step 310/1350  ETA 33:33  loss 10.6157  prompt 3.6195');
    expect(shown.length).toBeLessThan(80);
  });

  it('writes a line now and then, and the last, where there is none', () => {
    const { progress, stderr, wait } = progressOn(false);
    for (let step = 1; step <= 100; step++) {
      wait(0.3);
      progress.update(step, 100);
    }
    progress.end();
    const lines = stderr.text().trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('step 34/100     ETA 0:20');
    expect(lines[2]).toBe('step 100/100');
  });
});

describe('openTerminal', () => {
  const terminal = (env: Record<string, string>, isTTY: boolean) =>
    openTerminal({ stdout: memoryStream({ isTTY }), stderr: memoryStream(), env }, false);

  it('colours a terminal, unless NO_COLOR or a dumb terminal says otherwise', () => {
    expect(terminal({}, true).colors.red('x')).not.toBe('x');
    expect(terminal({}, false).colors.red('x')).toBe('x');
    expect(terminal({ NO_COLOR: '1' }, true).colors.red('x')).toBe('x');
    expect(terminal({ TERM: 'dumb' }, true).colors.red('x')).toBe('x');
    expect(terminal({ FORCE_COLOR: '1' }, false).colors.red('x')).not.toBe('x');
  });

  it('cuts a status line that would wrap', () => {
    const stderr = memoryStream({ isTTY: true, columns: 10 });
    openTerminal({ stdout: memoryStream(), stderr, env: {} }, false).status('0123456789abc');
    expect(stderr.text()).toBe('\r\u001b[2K01234567…');
  });
});
