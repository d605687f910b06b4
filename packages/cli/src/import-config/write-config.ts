import { trainOptions } from '../options.ts';
import { TRAINERS, type Trainer } from './read-source.ts';
import type { Lost, Translation } from './translate.ts';

/** A config file for `train --config`, in YAML, that says where each option is from and what has no counterpart. */
export function configText({ options, lost }: Translation, file: string, trainer: Trainer): string {
  // In the order of the help.
  const names = Object.keys(trainOptions.shape).filter((name) => options[name]);
  const lines = names.map((name) => {
    const { value, from, isDefault, note } = options[name] as NonNullable<(typeof options)[string]>;
    const source = from === '' ? '' : isDefault ? `${TRAINERS[trainer].name}'s default` : from;
    const remark = [source, note ?? ''].filter((part) => part !== '').join(': ');
    return `${name}: ${JSON.stringify(value)}${remark === '' ? '' : `  # ${oneLine(remark)}`}`;
  });
  const missing = lost.map((one) => `#   ${oneLine(lostInWords(one))}`);
  return [
    `# From ${oneLine(file)}, a configuration of ${TRAINERS[trainer].name}, by counterweight import-config.`,
    '# Look at the rows with it first: counterweight preview --config FILE',
    ...lines,
    ...(missing.length > 0 ? ['', '# Without a counterpart:', ...missing] : []),
    '',
  ].join('\n');
}

/** `optim: lion_8bit: AdamW is the only optimizer` */
export const lostInWords = ({ option, value, reason }: Lost): string => `${option}: ${shown(value)}: ${reason}`;

const LONG = 60;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

/** A comment ends with its line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
