import type { PlainLayout, RenderedExample } from '@counterweight/core/recipe';
import { z } from 'zod';
import { canonicalLanguage, languageName, languageSchema } from '../languages.ts';
import type { OptionsOf } from '../options.ts';

/** A message, and the reply to it in two languages. */
export interface ReplyRow {
  readonly message: string;
  /** BCP 47, canonical, in the order of the replies. */
  readonly languages: readonly [string, string];
  /** As many as languages; absent where they are asked for. */
  readonly replies?: readonly [string, string] | undefined;
}

/** What a row looks like in a file: `{message, languages?: ["es", "en"], replies?: {es: "…", en: "…"}}`. */
export function replyRowSchema({ languages: usual }: OptionsOf<'reply-in-two-languages'>): z.ZodType<ReplyRow> {
  return z
    .object({
      message: z.string().trim().min(1),
      languages: z.tuple([languageSchema, languageSchema]).optional(),
      replies: z.record(z.string(), z.string().trim().min(1)).optional(),
    })
    .transform(({ message, languages = usual, replies }, context) => {
      const complain = (field: string, problem: string) => {
        context.addIssue({ code: 'custom', path: [field], message: problem });
        return z.NEVER;
      };
      if (languages === undefined) {
        return complain('languages', '"languages" is missing: say two in the row, or with the option "languages"');
      }
      if (replies === undefined) return { message, languages };
      const byLanguage = new Map(Object.entries(replies).map(([code, text]) => [canonicalLanguage(code), text]));
      const [first, second] = languages.map((language) => byLanguage.get(language));
      if (first !== undefined && second !== undefined) return { message, languages, replies: [first, second] as const };
      return complain('replies', `"replies" needs one for each of ${languages.join(' and ')}`);
    });
}

/** For models without a chat template. */
export const replyLayout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: '', after: '\n' },
  assistant: { before: 'Reply:\n', after: '\n' },
  tool: { before: '', after: '\n' },
};

/**
 * Reply to the customer's message, first in Spanish, then in English, saying the same in both. Begin each reply with
 * the name of its language and a colon.
 *
 * ¿Dónde está mi tarjeta?
 */
export function renderReply({ message, languages, replies }: ReplyRow): RenderedExample {
  const [first, second] = languages.map(languageName);
  const named = 'Begin each reply with the name of its language and a colon.\n\n';
  return {
    prompt: [
      {
        role: 'user',
        text: `Reply to the customer's message, first in ${first}, then in ${second}, saying the same in both. ${named}`,
        phrasings: {
          answer: `Answer the customer in ${first} and then, with the same words, in ${second}. ${named}`,
          write: `Write a reply to the customer in ${first}, and below it the same reply in ${second}. ${named}`,
          heldOut:
            `Below is a message of a customer. Reply to it twice, in ${first} and after that in ${second}, with the same ` +
            'content; each reply starts with the name of its language and a colon.\n\n',
        },
      },
      // A long message loses its end: customers say first what they want.
      { role: 'user', text: message, shorten: 'end', freedom: { case: true, typing: true } },
    ],
    completion: replies ? [{ role: 'assistant', text: `${first}: ${replies[0]}\n${second}: ${replies[1]}` }] : [],
  };
}

/**
 * The two replies of an output. A reply begins on a line of its own with the name of its language and a colon, and ends
 * where the other begins. One that is not there, or not in its place, is empty.
 */
export function splitReplies(text: string, languages: ReplyRow['languages']): [string, string] {
  const [first, second] = languages.map((language) => {
    const name = languageName(language).replace(/[()]/g, '\\$&');
    return new RegExp(`^[ \\t]*${name}[ \\t]*:`, 'imu');
  }) as [RegExp, RegExp];
  const opening = first.exec(text);
  const rest = opening ? text.slice(opening.index + opening[0].length) : text;
  const turn = second.exec(rest);
  if (!turn) return [opening ? rest.trim() : '', ''];
  const firstReply = opening ? rest.slice(0, turn.index).trim() : '';
  return [firstReply, rest.slice(turn.index + turn[0].length).trim()];
}
