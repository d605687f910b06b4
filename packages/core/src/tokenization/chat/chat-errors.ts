import { UserError } from '../../errors.ts';
import { ask, tell } from './answer-texts.ts';
import { attempt, type ChatRow, isGreeting, render } from './chat-row.ts';
import type { Help } from './what-helps.ts';

const WITHOUT = 'leave the template out with --format plain';

const turnName = ({ messages }: ChatRow, place: number): string =>
  `message ${place + 1} (${messages[place]?.message.role})`;

/**
 * What `render` makes of the first `count` messages.
 * @throws {UserError} `template-refused` with the template's own reason
 */
export function write(row: ChatRow, render: () => string, count: number): string {
  try {
    return render();
  } catch (cause) {
    const place = firstRefused(row, count);
    throw new UserError({
      code: 'template-refused',
      problem: `The model's chat template refuses ${turnName(row, place)}: ${(cause as Error).message}`,
      where: row.where,
      fix: isGreeting(row, place)
        ? `The conversation begins with the assistant, which the template does not take: put before it what the user says, take that message out, or ${WITHOUT}.`
        : `Change the message as the reason says, or ${WITHOUT}.`,
      cause,
    });
  }
}

/** The place of the message after the longest conversation that is not refused. */
function firstRefused(row: ChatRow, count: number): number {
  for (let known = count - 1; known > 0; known--) {
    if (attempt(() => render(row, known, false)) !== undefined) return known;
  }
  const first = row.messages.findIndex((_, place) => isGreeting(row, place));
  return first < 0 ? Math.max(0, count - 1) : first;
}

/**
 * A learnt answer does not stand where generation would write it.
 * @param help which change of the row would help, if one does
 */
export function unstable(row: ChatRow, place: number, help: Help | undefined): UserError {
  return new UserError({
    code: 'template-unstable',
    problem: `The model's chat template does not write ${turnName(row, place)} after the text that asks for it${asItIsAsked(row, place)}: training would see another text than generation.`,
    where: `${row.where}, ${turnName(row, place)}`,
    fix: help
      ? `${helps[help]}, or ${WITHOUT}.`
      : 'Write such rows in the model\'s own words, {"prompt", "completion"}, the prompt up to where its answer is asked for, and train on them with --format plain.',
  });
}

const helps: Readonly<Record<Help, string>> = {
  replies:
    'Learn what the assistant answers only, not its greeting, which the template is never asked for (--train-on replies, or "weight": 0 at the greeting)',
  'last turn': 'Train on the last turn only (--train-on last-turn), give the earlier answers "weight": 0',
  thoughts: 'Give the thoughts before the answer as "reasoning_content", for which the template asks',
  'no thoughts': 'Take the thoughts out of the message, which the template does not ask for',
};

/** How the two texts differ, in the template's own words. */
function asItIsAsked(row: ChatRow, place: number): string {
  const own = attempt(() => tell(row, place));
  let asked = '';
  try {
    asked = ask(row, place);
  } catch (cause) {
    return ` (to be asked for it, it refuses: ${(cause as Error).message})`;
  }
  if (own === undefined || own.startsWith(asked)) return ' when the conversation goes on';
  let same = 0;
  while (same < asked.length && asked[same] === own[same]) same++;
  const shown = (text: string) => JSON.stringify(text.slice(Math.max(0, same - 24), same + 24));
  return ` (it asks with ${shown(asked)} and writes ${shown(own)})`;
}

/** @param what in the words of the template's own fields; empty where nothing of the message is written */
export function unwritten(row: ChatRow, place: number, what = ''): UserError {
  return new UserError({
    code: 'template-refused',
    problem:
      what === ''
        ? `The model's chat template writes nothing of ${turnName(row, place)}.`
        : `The model's chat template leaves out what ${turnName(row, place)} says: ${what}.`,
    where: row.where,
    fix: 'Take it out of the row, or train a model with a chat template that writes it.',
  });
}

export function unwrittenTools({ where }: ChatRow): UserError {
  return new UserError({
    code: 'template-refused',
    problem: "The model's chat template writes nothing of the row's tools.",
    where,
    fix: 'Take "tools" out of the row, or describe them in its system message.',
  });
}

export function stopsWithin(row: ChatRow, place: number, stop: string): UserError {
  return new UserError({
    code: 'template-refused',
    problem: `In the midst of ${turnName(row, place)} stands ${stop}, at which generation stops: it would never write what follows.`,
    where: row.where,
    fix: `Take ${stop} out of the message, or give it "weight": 0.`,
  });
}

export function twoBeginnings(where: string): UserError {
  return new UserError({
    code: 'template-invalid',
    problem: 'The text begins with two BOS tokens: one of the chat template, one of the row or of the template again.',
    where,
    fix: 'Take the BOS token out of the row.',
  });
}
