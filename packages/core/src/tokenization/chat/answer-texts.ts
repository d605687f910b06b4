import { withoutEnd } from '../../tokenizer/without-end.ts';
import { withThoughts } from './asked-thoughts.ts';
import { attempt, type ChatRow, render } from './chat-row.ts';

/**
 * What asks for the answer in one place, the first `place` messages asked for the next. Tools that a template writes
 * behind the conversation, after everything else, stand behind the answer too: it is asked for by what stands before them.
 */
export function ask(row: ChatRow, place: number): string {
  const asked = render(row, place, true);
  if (!row.tools || !row.template.toolsBehind) return asked;
  const bare = attempt(() => render({ ...row, tools: undefined }, place, true));
  return bare !== undefined && asked.startsWith(bare) ? bare : asked;
}

/** The text of the conversation up to an answer, as generation would come to write it. @throws what the template throws */
export const tell = (row: ChatRow, place: number): string => withThoughts(row, place, render(row, place + 1, false));

/**
 * The two texts between which an answer stands: what asks for it, and that with the answer behind it and nothing else.
 * @returns undefined where the second does not begin with the first: generation would not start from that text
 */
export function answerTexts(row: ChatRow, place: number): { readonly asked: string; readonly own: string } | undefined {
  const asked = attempt(() => ask(row, place));
  const told = attempt(() => tell(row, place));
  if (asked === undefined || told === undefined) return undefined;
  const own = withoutEnd(withoutEnd(told, behind(row, place, asked)), row.template.asksAnyway);
  return own.startsWith(asked) ? { asked, own } : undefined;
}

/** The tools that a template writes behind the conversation. */
const behind = (row: ChatRow, place: number, asked: string): string =>
  row.tools && row.template.toolsBehind ? render(row, place, true).slice(asked.length) : '';
