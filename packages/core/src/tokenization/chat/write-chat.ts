import type { RenderedExample } from '../../recipe/recipe.ts';
import { PROBE } from '../../tokenizer/probe-template.ts';
import type { Span } from '../../tokenizer/turn-end.ts';
import type { TextPart, WrittenExample } from '../plain/write-plain.ts';
import { ask, tell } from './answer-texts.ts';
import { type AnswerTurn, answerTurn } from './answer-turn.ts';
import { stopsWithin, twoBeginnings, unstable, unwritten, unwrittenTools, write } from './chat-errors.ts';
import { answerParts, joinTemplate, splitSpan, templatePart } from './chat-parts.ts';
import { attempt, type ChatOptions, type ChatRow, chatRow, isLearnt, render, withMessage } from './chat-row.ts';
import { leftOut } from './left-out.ts';
import { isSaid, type SpokenMessage } from './messages.ts';
import { whatHelps } from './what-helps.ts';

/**
 * An example as parts, in the words of the model's chat template. Nothing is searched for: an answer stands where the
 * text of the growing conversation goes on ({@link answerTurn}), and what others say stands where the template puts a
 * stand-in for it. Everything else is template text.
 * An example without a completion is one to generate for; its prompt is the same.
 * @throws {UserError} `template-refused` where the template refuses the conversation or leaves out what a message says,
 * `template-unstable` where it does not write an answer that is to be learnt as generation would write it
 */
export function writeChat(rendered: RenderedExample, options: ChatOptions): WrittenExample {
  const row = chatRow(rendered, options);
  const { asked, learns, messages } = row;
  const text = write(row, () => ask(row, asked), asked);
  const prompt = promptParts(row, text);
  refuseUnwrittenTools(row);
  if (!learns) return { prompt, completion: [] };

  const whole = write(row, () => tell(row, asked), messages.length);
  const turn = answerTurn(row, asked, whole);
  checkAnswer(row, asked, whole, turn);
  if (!turn) return { prompt, completion: [] };
  const answer = messages[asked] as SpokenMessage;
  const parts = joinTemplate(answerParts(answer, whole, turn));
  // An answer that the template ends with no special token ends with the tokenizer's own: nothing else would stop it.
  const end: TextPart = { text: undefined, role: 'assistant', weight: weightOfEnd(answer), shorten: undefined };
  const after = joinTemplate([templatePart(whole.slice(turn.to))]);
  return { prompt, completion: [...parts, ...(turn.isEnded ? [] : [end]), ...after] };
}

const weightOfEnd = ({ segments }: SpokenMessage): number => segments.at(-1)?.weight ?? 1;

function promptParts(row: ChatRow, text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  const put = (span: Span, written: readonly TextPart[]) => {
    parts.push(templatePart(text.slice(at, span.from)), ...written);
    at = span.to;
  };
  for (const [place, spoken] of row.messages.slice(0, row.asked).entries()) {
    if (spoken.message.role === 'assistant') {
      const turn = answerTurn(row, place, text);
      checkAnswer(row, place, text, turn);
      if (turn && turn.from >= at) {
        put(turn, answerParts(spoken, text, turn));
        continue;
      }
    }
    const span = contentSpan(row, place, text);
    if (span && span.from >= at) put(span, splitSpan(spoken, text.slice(span.from, span.to)));
  }
  return withBos(joinTemplate([...parts, templatePart(text.slice(at))]), row);
}

/** @throws {UserError} where an answer is not written whole, or where it is to be learnt and generation would not write it */
function checkAnswer(row: ChatRow, place: number, text: string, turn: AnswerTurn | undefined): void {
  const { stretches, stops } = row.template;
  if (isLearnt(row, place) && !turn) throw unstable(row, place, whatHelps(row, place));
  const missing = leftOut(row, place, text, turn);
  if (missing !== undefined) throw unwritten(row, place, missing);
  if (!turn || !isLearnt(row, place)) return;
  const tokens = stretches(text.slice(turn.from, turn.to)).flatMap(({ token }) => token ?? []);
  const stop = (turn.isEnded ? tokens.slice(0, -1) : tokens).find((token) => stops.includes(token));
  if (stop !== undefined) throw stopsWithin(row, place, stop);
}

/**
 * Where the content of a message stands in the text: there where the template writes a stand-in for it, once.
 * @throws {UserError} where it is written nowhere
 */
function contentSpan(row: ChatRow, place: number, text: string): Span | undefined {
  const { message } = row.messages[place] as SpokenMessage;
  if (!message.content) return undefined;
  const probed = attempt(() => ask(withMessage(row, place, { ...message, content: PROBE }), row.asked));
  const [before, after, ...others] = probed?.split(PROBE) ?? [];
  if (before === undefined) return undefined;
  if (after === undefined) {
    if (message.content.trim() !== '' && !text.includes(message.content.trim())) throw unwritten(row, place);
    return undefined;
  }
  const fits = text.startsWith(before) && text.endsWith(after) && before.length + after.length <= text.length;
  return fits && others.length === 0 ? { from: before.length, to: text.length - after.length } : undefined;
}

/** Tools that a template leaves out are no part of the conversation that the model is asked in. */
function refuseUnwrittenTools(row: ChatRow): void {
  const write = (tools: ChatRow['tools']) => attempt(() => render({ ...row, tools }, row.asked, true));
  if (isSaid(row.tools) && write(undefined) === write(row.tools)) throw unwrittenTools(row);
}

/** The template owns the special tokens: one BOS where it writes one at the beginning, none where it does not. */
function withBos(parts: readonly TextPart[], { template, where }: ChatRow): TextPart[] {
  const [first, ...rest] = parts;
  const { bosToken } = template;
  if (!bosToken || !first?.text?.startsWith(bosToken)) return [...parts];
  const text = first.text.slice(bosToken.length);
  if (text.startsWith(bosToken) || (text === '' && rest[0]?.text?.startsWith(bosToken))) throw twoBeginnings(where);
  const bos: TextPart = { text: undefined, role: 'bos', weight: 0, shorten: undefined };
  return [bos, ...(text === '' ? [] : [{ ...first, text }]), ...rest];
}
