import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { openTerminal } from './terminal.ts';
import { memoryStream } from './test-support.ts';

/** A title, a moved cursor, a cleared screen, a bell, CSI of one character, a carriage return, a turned direction. */
const hostile = '\u001b]0;title\u0007\u001b[2J\u001b[1;1H\u0007\u009b2Ja\rb\u202ec\u2066d';
const shown = '\\u001b]0;title\\u0007\\u001b[2J\\u001b[1;1H\\u0007\\u009b2Ja\\u000db\\u202ec\\u2066d';

function opened({ isTTY = false, json = false, columns = 80 } = {}) {
  const stdout = memoryStream({ isTTY, columns });
  const stderr = memoryStream({ isTTY, columns });
  return { terminal: openTerminal({ stdout, stderr, env: {} }, json), stdout, stderr };
}

describe('the door of the terminal', () => {
  it.each([true, false])('writes what would act on it as its codes (a terminal: %s)', (isTTY) => {
    const { terminal, stdout, stderr } = opened({ isTTY });
    terminal.print(`${hostile}\n\t`);
    terminal.note(hostile);
    expect([stdout.text(), stderr.text()]).toEqual([`${shown}\n\t`, `${shown}\n`]);
  });

  it('lets our own colours through where there are any, and none of somebody else where there are none', () => {
    const text = pc.createColors(true).bold(pc.createColors(true).green('x'));
    const [inColour, plain] = [opened({ isTTY: true }), opened()];
    inColour.terminal.print(`${text}\u001b[8m`);
    plain.terminal.print(text);
    expect(inColour.stdout.text()).toBe(`${text}\\u001b[8m`);
    expect(plain.stdout.text()).toBe('\\u001b[1m\\u001b[32mx\\u001b[39m\\u001b[22m');
  });

  it('writes JSON that is the same value and acts on nothing', () => {
    const { terminal, stdout } = opened({ json: true });
    terminal.print(hostile);
    terminal.json({ text: hostile });
    expect(JSON.parse(stdout.text())).toEqual({ text: hostile });
    expect(stdout.text()).toMatch(/^[\u0020-\u007e]*\n$/);
  });

  it('cuts the line at the bottom to the width, and its colours end', () => {
    const { terminal, stderr } = opened({ isTTY: true, columns: 20 });
    terminal.status(`${pc.createColors(true).green('█'.repeat(30))}${hostile}`);
    expect(stderr.text()).toBe(`\r\u001b[2K\u001b[32m${'█'.repeat(18)}…\u001b[39m`);
  });
});
