import { UserError } from '../../errors.ts';
import type { RenderedExample } from '../../recipe/recipe.ts';
import { type ChatTemplate, PROBE, type RenderedChat } from '../../tokenizer/chat-template.ts';
import type { TextPart, WrittenExample } from '../plain/write-plain.ts';
import { cutChat, joinTemplate, type Span, splitAnswer, splitSpan, templatePiece } from './chat-parts.ts';
import { completionMessage, messagesOf, type SpokenMessage } from './messages.ts';

export interface ChatOptions {
  readonly template: ChatTemplate;
  /** For messages: the place the row comes from. */
  readonly where: string;
}

/**
 * An example as pieces, in the words of the model's chat template. Nothing is searched for: a turn of the assistant
 * stands where the text of the growing conversation goes on,
 *
 *     conversation up to the turn, asked for an answer   …<|im_start|>assistant\n
 *     conversation with the turn                         …<|im_start|>assistant\nYes.<|im_end|>\n
 *                                                        the assistant's ───────┴────┘
 *
 * and what others say stands where the template puts a stand-in for it. Everything else is template text.
 * An example without a completion is one to generate for; its prompt is the same.
 * @throws {UserError} `template-refused` where the template refuses the conversation, `template-unstable` where it
 * rewrites what stands before an answer that is to be learnt, so that no generation would ever start from that text
 */
export function writeChat(rendered: RenderedExample, options: ChatOptions): WrittenExample {
  const messages = messagesOf(rendered.prompt, options.template);
  const row: ChatRow = { ...options, messages, tools: rendered.tools };
  const asked = write(row, messages.length, true);
  const prompt = promptPieces(row, asked);
  if (rendered.completion.length === 0) return { prompt, completion: [] };

  const answer = completionMessage(rendered);
  const all = { ...row, messages: [...messages, answer] };
  const whole = write(all, all.messages.length, false);
  if (!whole.text.startsWith(asked.text)) throw unstable(all, messages.length);
  const turn = cutChat(whole, { from: asked.text.length, to: whole.text.length });
  const completion = splitAnswer(answer, turn, row.template);
  if (leavesOut(answer, completion, row.template)) throw unwritten(all, messages.length);
  return { prompt, completion: row.template.lastSpecial(turn.text) ? completion : withEnd(completion, answer) };
}

interface ChatRow extends ChatOptions {
  readonly messages: readonly SpokenMessage[];
  readonly tools: RenderedExample['tools'];
}

/** The first `count` messages in the template's words. */
function write(row: ChatRow, count: number, asking: boolean): RenderedChat {
  try {
    return renderFirst(row, count, asking);
  } catch (cause) {
    throw new UserError({
      code: 'template-refused',
      problem: `The model's chat template refuses ${turnName(row, firstRefused(row, count))}: ${(cause as Error).message}`,
      where: row.where,
      fix: 'Bring the messages into the order of roles that the model was taught, or leave the template out with --format plain.',
      cause,
    });
  }
}

const renderFirst = ({ template, messages, tools }: ChatRow, count: number, asking: boolean): RenderedChat =>
  template.render({ messages: messages.slice(0, count).map(({ message }) => message), tools }, asking);

/** The place of the message after the longest conversation that is not refused. */
function firstRefused(row: ChatRow, count: number): number {
  for (let known = count - 1; known > 0; known--) {
    if (attempt(() => renderFirst(row, known, false))) return known;
  }
  return Math.max(0, count - 1);
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function promptPieces(row: ChatRow, asked: RenderedChat): TextPart[] {
  const { messages, template } = row;
  const pieces: TextPart[] = [];
  let at = 0;
  const put = (span: Span, written: readonly TextPart[]) => {
    pieces.push(templatePiece(asked.text.slice(at, span.from)), ...written);
    at = span.to;
  };
  for (const [place, spoken] of messages.entries()) {
    const turn = spoken.message.role === 'assistant' ? answerSpan(row, place, asked.text) : undefined;
    const isLearnt = spoken.message.role === 'assistant' && spoken.segments.some(({ weight = 1 }) => weight > 0);
    if (turn && turn.from >= at) {
      const answer = splitAnswer(spoken, cutChat(asked, turn), template);
      if (isLearnt && leavesOut(spoken, answer, template)) throw unwritten(row, place);
      put(turn, answer);
      continue;
    }
    if (isLearnt) throw unstable(row, place);
    const span = contentSpan(row, place, asked.text);
    if (span && span.from >= at) put(span, splitSpan(spoken, asked.text.slice(span.from, span.to)));
  }
  return withBos(joinTemplate([...pieces, templatePiece(asked.text.slice(at))]), row);
}

/**
 * Where an assistant's turn stands in the text: from the end of what asks for it to the end of what is written once it
 * is said. Undefined where the text does not begin with the one and the other.
 */
function answerSpan(row: ChatRow, place: number, text: string): Span | undefined {
  const from = lengthWithin(text, row, place, true);
  const to = lengthWithin(text, row, place + 1, false);
  return from !== undefined && to !== undefined && to >= from ? { from, to } : undefined;
}

/** The length of the text of the first messages, if the whole text begins with it. */
function lengthWithin(text: string, row: ChatRow, count: number, asking: boolean): number | undefined {
  const { eosToken = '' } = row.template;
  const own = attempt(() => renderFirst(row, count, asking))?.text;
  if (own === undefined) return undefined;
  if (text.startsWith(own)) return own.length;
  // Some templates end a whole conversation, and none of its turns, with the end-of-sequence token.
  const open = !asking && eosToken !== '' && own.endsWith(eosToken) ? own.slice(0, -eosToken.length) : undefined;
  return open !== undefined && text.startsWith(open) ? open.length : undefined;
}

/** Where the content of a message stands in the text: there where the template writes a stand-in for it, once. */
function contentSpan(row: ChatRow, place: number, text: string): Span | undefined {
  const messages = row.messages.map((spoken, i) =>
    i === place ? { ...spoken, message: { ...spoken.message, content: PROBE } } : spoken,
  );
  const parts = attempt(() => renderFirst({ ...row, messages }, messages.length, true))?.text.split(PROBE) ?? [];
  const [before, after] = parts;
  if (parts.length !== 2 || before === undefined || after === undefined) return undefined;
  const fits = text.startsWith(before) && text.endsWith(after) && before.length + after.length <= text.length;
  return fits ? { from: before.length, to: text.length - after.length } : undefined;
}

/** The template owns the special tokens: one BOS where it writes one at the beginning, none where it does not. */
function withBos(pieces: readonly TextPart[], { template, where }: ChatRow): TextPart[] {
  const [first, ...rest] = pieces;
  const { bosToken } = template;
  if (!bosToken || !first?.text?.startsWith(bosToken)) return [...pieces];
  const text = first.text.slice(bosToken.length);
  if (text.startsWith(bosToken) || (text === '' && rest[0]?.text?.startsWith(bosToken))) throw twoBeginnings(where);
  const bos: TextPart = { text: undefined, role: 'bos', weight: 0, shorten: undefined };
  return [bos, ...(text === '' ? [] : [{ ...first, text }]), ...rest];
}

/** Whether a template leaves out what a message says: a call of a tool that it knows nothing of, for example. */
function leavesOut({ message }: SpokenMessage, answer: readonly TextPart[], template: ChatTemplate): boolean {
  const text = answer.map((piece) => (piece.role === 'assistant' ? piece.text : '')).join('');
  const [call] = (message.tool_calls as readonly { function?: { name?: string } }[] | undefined) ?? [];
  if (call) return !text.includes(call.function?.name ?? '');
  const end = template.lastSpecial(text);
  const spoken = text.slice(0, end && end.to >= text.trimEnd().length ? end.from : undefined);
  return message.content.trim() !== '' && spoken.trim() === '';
}

/** A completion that a template ends with no special token ends with the tokenizer's own, and nothing after it. */
function withEnd(completion: readonly TextPart[], { segments }: SpokenMessage): TextPart[] {
  // Of an answer of white space a template may write nothing.
  const last = completion.findLastIndex((piece) => piece.role === 'assistant');
  const weight = completion[last]?.weight ?? segments.at(-1)?.weight ?? 1;
  return [...completion.slice(0, last + 1), { text: undefined, role: 'assistant', weight, shorten: undefined }];
}

const turnName = ({ messages }: ChatRow, place: number): string =>
  `message ${place + 1} (${messages[place]?.message.role})`;

function unstable(row: ChatRow, place: number): UserError {
  return new UserError({
    code: 'template-unstable',
    problem: `The model's chat template does not write ${turnName(row, place)} after the text that asks for it: it rewrites what stands before, so training would see another text than generation.`,
    where: `${row.where}, ${turnName(row, place)}`,
    fix: 'Train on the last turn only (--train-on last-turn), give the earlier answers "weight": 0, or leave the template out with --format plain.',
  });
}

function unwritten(row: ChatRow, place: number): UserError {
  return new UserError({
    code: 'template-refused',
    problem: `The model's chat template writes nothing of ${turnName(row, place)}.`,
    where: row.where,
    fix: 'Check the message, or leave the template out with --format plain.',
  });
}

function twoBeginnings(where: string): UserError {
  return new UserError({
    code: 'template-invalid',
    problem: 'The text begins with two BOS tokens: one of the chat template, one of the row or of the template again.',
    where,
    fix: 'Take the BOS token out of the row.',
  });
}
