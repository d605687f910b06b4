import { TemplateBudgetError } from '../jinja/index.ts';
import { THOUGHT_FIELDS, type ThoughtField } from '../recipe/thought-fields.ts';
import type { Stretch } from './stretches.ts';
import { endingOf, firstEnding, lengthOfEnding, type Span, type TurnEnds } from './turn-end.ts';
import { withoutEnd } from './without-end.ts';

/** Stands in for a content, to see where a template puts it. A noncharacter of Unicode: no text holds it. */
export const PROBE = '\uFDD2';

/** What short conversations of probes show of a template. */
export interface TemplateWays {
  /** The literal of the special token that ends the assistant's turn (`<|im_end|>`); undefined where none does. */
  readonly endOfTurn: string | undefined;
  /** Words that the template writes behind an answer which no special token ends; empty where there are none. */
  readonly endWords: string;
  /** Literals of all tokens at which generation stops, `endOfTurn` first. */
  readonly stops: readonly string[];
  /** Literals that end an answer after which the conversation goes on, where these are others than at its end. */
  readonly earlierEnds: readonly string[];
  /** What asks for the next answer, where the template writes it behind every conversation; empty where it does not. */
  readonly asksAnyway: string;
  /** False where the template refuses a system message: its text then begins the first user message. */
  readonly takesSystem: boolean;
  /**
   * The field of a message for the thoughts before its answer: from which the template writes them, or for which it asks
   * (`<think>`) and leaves them out of what is told. Undefined where it knows none.
   */
  readonly thoughtField: ThoughtField | undefined;
  /** Whether tools stand behind the conversation, after everything else. */
  readonly toolsBehind: boolean;
  /** Whether it writes the arguments of a call as they are when they are a text, JSON; others want the object. */
  readonly takesArgumentText: boolean;
}

/** A message, as far as probes are concerned. */
type Probe = { readonly role: string; readonly content: string | null };

interface ProbeConversation {
  readonly messages: readonly Probe[];
  readonly tools?: readonly unknown[];
}

const question: Probe = { role: 'user', content: 'a' };
const probingQuestion: Probe = { role: 'user', content: PROBE };
const answer = (more?: Readonly<Record<string, unknown>>): Probe => ({
  role: 'assistant',
  content: PROBE,
  ...more,
});
const argumentText = `{"${PROBE}": 1}`;
const call = (args: unknown) => ({
  tool_calls: [{ id: 'abcdefghi', type: 'function', function: { name: 'f', arguments: args } }],
});

/**
 * @param stopTokens literals of the tokens at which the model stops by its own settings
 */
export function probeTemplate(
  render: (conversation: ProbeConversation, asking: boolean) => string,
  stretches: (text: string) => readonly Stretch[],
  stopTokens: readonly string[],
): TemplateWays {
  const write = (messages: readonly Probe[], asking = false): string =>
    textOrNothing(() => render({ messages }, asking));
  const writtenField = THOUGHT_FIELDS.find((field) =>
    write([question, answer({ content: 'b', [field]: PROBE })]).includes(PROBE),
  );
  const thoughtField = writtenField ?? (/<think>\s*$/.test(write([question], true)) ? THOUGHT_FIELDS[0] : undefined);
  return {
    ...findEnds(write, { stretches, stops: stopTokens, earlierEnds: [] }, thoughtField),
    thoughtField,
    takesSystem: write([{ role: 'system', content: PROBE }, question], true).includes(PROBE),
    toolsBehind: findToolsBehind(render),
    takesArgumentText: ['', null].some((content) =>
      write([question, answer({ content, ...call(argumentText) })]).includes(argumentText),
    ),
  };
}

function findToolsBehind(render: (conversation: ProbeConversation, asking: boolean) => string): boolean {
  const parameters = { type: 'object', properties: {} };
  const tools = [{ type: 'function', function: { name: PROBE, description: PROBE, parameters } }];
  const [bare, asked] = [{}, { tools }].map((more) =>
    textOrNothing(() => render({ messages: [question], ...more }, true)),
  );
  return bare !== '' && asked !== bare && asked?.startsWith(bare as string) === true;
}

type Write = (messages: readonly Probe[], asking?: boolean) => string;

/**
 * The token that ends an answer, and all tokens at which generation stops: those that end an answer, a call of a tool or
 * an earlier answer, and those that the model's settings name. One that also stands within answers is no stop
 * (`<|end|>` between the channels of gpt-oss).
 */
function findEnds(write: Write, known: TurnEnds, thoughtField: ThoughtField | undefined) {
  const { stretches } = known;
  const asksAnyway = findAsksAnyway(write, known);
  const last = turnOf(write, asksAnyway, answer(), (text) => firstEnding(text, known));
  const endOfTurn = literals(stretches(last.ending)).at(-1);
  const stopsKnown = { ...known, stops: [...known.stops, endOfTurn ?? ''] };
  const others = [answer(thoughtField && { [thoughtField]: 'c' }), answer({ content: '', ...call({ c: 1 }) })].map(
    (message) => turnOf(write, asksAnyway, message, (text) => endingOf(text, stopsKnown)),
  );
  const earlier = earlierEnd(write, known, last.ending);
  const within = [last, ...others].flatMap(({ text }) => literals(stretches(text)).slice(0, -1));
  const endWords = last.ending === '' ? last.text.slice(last.text.lastIndexOf(PROBE) + PROBE.length) : '';
  const ends = [...others.map(({ ending }) => literals(stretches(ending)).at(-1)), earlier];
  const stops = [endOfTurn, ...ends.filter((token) => token && !within.includes(token)), ...known.stops];
  return {
    endOfTurn,
    endWords,
    stops: [...new Set(stops.filter((token) => token !== undefined))],
    earlierEnds: earlier === undefined ? [] : [earlier],
    asksAnyway,
  };
}

/** What is written for an answer up to its end, and its end: special tokens, or nothing. */
function turnOf(write: Write, asksAnyway: string, message: Probe, endIn: (text: string) => Span | undefined) {
  const [asked, own] = [write([question], true), withoutEnd(write([question, message]), asksAnyway)];
  const text = own.startsWith(asked) ? own.slice(asked.length) : own.slice(own.lastIndexOf(PROBE) + 1);
  const { from, to } = endIn(text) ?? { from: text.length, to: text.length };
  return { text: text.slice(0, to), ending: text.slice(from, to) };
}

/**
 * What a template that always asks for the next answer writes at the end: that is the same behind a question and behind
 * an answer, but for a token that ends both. What stays when the conversation goes on asks for nothing: it ends a message.
 */
function findAsksAnyway(write: Write, { stretches, stops }: TurnEnds): string {
  const [asked, own] = [write([question], true), write([question, answer()])];
  if (own === '' || own !== write([question, answer()], true)) return '';
  if (write([question, answer(), probingQuestion]).startsWith(own)) return '';
  let same = 0;
  while (same < own.length && own.at(-1 - same) === asked.at(-1 - same)) same++;
  const tail = own.slice(own.length - same);
  const end = stretches(tail).findLast(({ token }) => token !== undefined && stops.includes(token));
  return tail.slice(end?.to ?? 0);
}

/** The token that ends an answer after which the conversation goes on, where it is another one than at its end. */
function earlierEnd(write: Write, ends: TurnEnds, ending: string): string | undefined {
  const next = write([question, answer(), probingQuestion]).split(PROBE).at(1) ?? '';
  const [first] = ends.stretches(next);
  if (!first?.token || lengthOfEnding(ending, next, ends) > 0) return undefined;
  // Unless it begins the user's message: then it stands before the first one too, and not behind it.
  const [before = '', after = ''] = write([probingQuestion]).split(PROBE);
  return before.endsWith(next) && !after.includes(first.token) ? undefined : first.token;
}

const literals = (stretches: readonly Stretch[]): string[] => stretches.flatMap(({ token }) => token ?? []);

/** A template may refuse what it is only probed with; it may not go on for ever. */
export function textOrNothing(render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (error instanceof TemplateBudgetError) throw error;
    return '';
  }
}
