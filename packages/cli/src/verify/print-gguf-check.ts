import type { CheckedAnswer, GgufCheck } from '@counterweight/core';
import { counted } from '../format.ts';
import type { Colors } from '../terminal.ts';

const VERDICTS: Readonly<Record<CheckedAnswer['verdict'], string>> = {
  same: 'the same',
  'near-tie': 'parts where two tokens are nearly as likely',
  'goes-on': 'goes on where ours stops',
  'stops-early': 'stops where ours goes on',
  'other-prompt': "our answer to the prompt's tokens, but llama.cpp cuts its text into other ones than training showed",
  differs: 'another text',
};

/** How many answers are ours, and of each that is not, both texts. */
export function printGgufCheck({ answers }: GgufCheck, { bold, dim }: Colors): string {
  const others = answers.filter(({ verdict }) => verdict !== 'same');
  const same = answers.filter(({ verdict }) => verdict === 'same').length;
  const count = `${same} of ${counted(answers.length, 'answer')}`;
  const words = `In llama.cpp ${count} to held-out rows ${same === 1 ? 'is' : 'are'} the run's own, and end where those end.\n`;
  return words + others.map((answer) => describe(answer, { bold, dim })).join('');
}

function describe({ row, verdict, ours, theirs }: CheckedAnswer, { bold, dim }: Pick<Colors, 'bold' | 'dim'>): string {
  const texts = `    ${dim('ours')}   ${line(ours)}\n    ${dim('theirs')} ${line(theirs)}\n`;
  return `  ${bold(`row ${row}`)}: ${VERDICTS[verdict]}\n${texts}`;
}

const line = (text: string) => JSON.stringify(text);
