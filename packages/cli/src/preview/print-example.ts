import { type PreviewExample, type TokenRun, tokenRuns } from '@counterweight/core/report';
import stringWidth from 'string-width';
import { counted, short } from '../format.ts';
import type { Colors } from '../terminal.ts';

export interface Page {
  readonly colors: Colors;
  readonly columns: number;
}

/**
 * An example token by token: weight and role in the margin, a thin line between tokens.
 *
 *     0.1 ░ user       │ My│ card│ has│ not│ arrived
 *       0 · template   │ ↵│Problem│:
 *       1 █ assistant  │ card│ arrival│⟨eos⟩
 *
 * The margin says it all without colours; with them, a role has its own and the weight its strength.
 */
export function printExample(example: PreviewExample, number: number, { colors, columns }: Page): string {
  const total = example.weights.reduce((sum, weight) => sum + weight, 0);
  const title = `${colors.bold(`Row ${number}`)}  ${counted(example.ids.length, 'token')}, total weight ${short(total)}`;
  const lines = tokenRuns(example).flatMap((run) => printRun(run, { colors, columns }));
  return `${title}\n${lines.join('\n')}\n`;
}

const marginWidth = '  0.001 █ assistant  │ '.length;

function printRun(run: TokenRun, { colors, columns }: Page): string[] {
  const paint = painter(run, colors);
  const margin = `  ${short(run.weight).padStart(5)} ${weightMark(run.weight)} ${run.role.padEnd(9)}  `;
  const empty = ' '.repeat(stringWidth(margin));
  return wrapTokens(
    run.tokens.map(({ text }) => text),
    Math.max(20, columns - marginWidth),
  ).map((tokens, i) => {
    const text = tokens.map(paint).join(colors.gray('│'));
    return (i === 0 ? paint(margin) : empty) + colors.gray('│ ') + text;
  });
}

/** From · (not learnt) to █ (learnt fully): the weight for those who see no colours. */
export function weightMark(weight: number): string {
  if (weight <= 0) return '·';
  if (weight < 0.25) return '░';
  if (weight < 0.5) return '▒';
  return weight < 1 ? '▓' : '█';
}

function painter({ role, weight }: TokenRun, colors: Colors): (text: string) => string {
  if (weight <= 0) return colors.dim;
  const color = roleColor(role, colors);
  return weight < 0.5 ? color : (text) => colors.bold(color(text));
}

export function roleColor(role: string, colors: Colors): (text: string) => string {
  if (role === 'assistant') return colors.green;
  if (role === 'user') return colors.cyan;
  if (role === 'system') return colors.magenta;
  return role === 'tool' ? colors.yellow : colors.gray;
}

/** Lines no wider than `width`, broken between tokens and after a line break of the text. */
function wrapTokens(tokens: readonly string[], width: number): string[][] {
  const lines: string[][] = [[]];
  let used = 0;
  for (const token of tokens) {
    const needed = stringWidth(token) + 1;
    const before = lines.at(-1)?.at(-1);
    if (before !== undefined && (used + needed > width || before.endsWith('↵'))) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(token);
    used += needed;
  }
  return lines;
}

export function legend({ colors }: Page): string {
  const roles = ['system', 'user', 'tool', 'assistant'].map((role) => roleColor(role, colors)(role));
  const weights = `· 0 not learnt  ░ below 0.25  ▒ below 0.5  ▓ below 1  █ 1 or more`;
  return [
    `  weight of each token as a target:  ${weights}`,
    `  roles:  ${[...roles, colors.gray('template (text around the roles)'), colors.gray('bos')].join('  ')}`,
    `  marks:  │ between tokens  ↵ line break  ⇥ tab  ⟨…⟩ token without a text of its own`,
    '',
  ].join('\n');
}
