import { Environment, Template } from '@huggingface/jinja';
import { declareItems, loopLikePython } from './loop-like-python.ts';
import { PROBE, probeTemplate, type TemplateWays, textOrNothing } from './probe-template.ts';
import { type Stretch, stretcher } from './stretches.ts';
import { strftime } from './strftime.ts';
import { createTemplateBudget, LONGEST_TEMPLATE, runWithin, type TemplateBudget } from './template-budget.ts';

/** A message as a chat template sees it: role, content, and whatever else it says (`tool_calls`, `name`). */
export interface ChatMessage {
  readonly role: string;
  /** Null where the message says nothing but what its other fields say: templates may ask whether it is `none`. */
  readonly content: string | null;
  readonly [field: string]: unknown;
}

export interface Conversation {
  readonly messages: readonly ChatMessage[];
  /** Functions that the model may call, as JSON schemas. */
  readonly tools?: readonly unknown[] | undefined;
}

/** A conversation in the model's own words. */
export interface RenderedChat {
  readonly text: string;
  /** What the template marks as the assistant's (`{% generation %}`), from and to, in characters; undefined without marks. */
  readonly generated: readonly (readonly [from: number, to: number])[] | undefined;
}

/** How a model wants to be talked to. */
export interface ChatTemplate extends TemplateWays {
  /**
   * @param addGenerationPrompt whether to end with what precedes the assistant's answer
   * @throws {Error} with the template's own words where it refuses the conversation
   */
  render(conversation: Conversation, addGenerationPrompt: boolean): RenderedChat;
  /** A text cut at its special tokens. */
  stretches(text: string): readonly Stretch[];
  readonly bosToken: string | undefined;
  readonly eosToken: string | undefined;
  /** Whether the text depends on the day. */
  readonly tellsDate: boolean;
}

export interface ChatTemplateSettings {
  /** The template, and the one for conversations with tools where a model has two. */
  readonly source: string;
  readonly toolSource?: string | undefined;
  /** Variables of the template: `bos_token`, `eos_token` … */
  readonly tokens: Readonly<Record<string, string>>;
  /** Literals of all special tokens. */
  readonly specialTokens: readonly string[];
  /** Literals of the tokens at which the model stops by its own settings, beside `eos_token`. */
  readonly stopTokens?: readonly string[] | undefined;
  /** Those of them that take the white space after them along, so that it is never a token. */
  readonly greedyTokens?: readonly string[] | undefined;
  /** What `strftime_now` tells. */
  readonly date: Date;
}

/** Noncharacters of Unicode: no text holds them. */
const OPEN = '\uFDD0';
const CLOSE = '\uFDD1';

/**
 * Compiles a Jinja chat template, with the settings and globals that transformers gives it (blocks trimmed,
 * `raise_exception`, `strftime_now`).
 * @throws {Error} where the template is not Jinja
 */
export function compileChatTemplate(settings: ChatTemplateSettings): ChatTemplate {
  const { source, toolSource, tokens, date } = settings;
  const plain = compile(source);
  const withTools = toolSource === undefined ? plain : compile(toolSource);
  const renderRaw = ({ messages, tools }: Conversation, addGenerationPrompt: boolean, parts: boolean): string => {
    const content = (message: ChatMessage) =>
      parts && typeof message.content === 'string'
        ? { ...message, content: [{ type: 'text', text: message.content }] }
        : message;
    const values = {
      ...tokens,
      messages: messages.map(content),
      // As transformers has it, where they are always defined.
      tools: tools ?? null,
      documents: null,
      add_generation_prompt: addGenerationPrompt,
    };
    const characters = messages.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
    return run(tools ? withTools : plain, values, { date, budget: createTemplateBudget(characters) });
  };
  const parts = wantsParts((conversation, inParts) => renderRaw(conversation, false, inParts));
  const render = (conversation: Conversation, addGenerationPrompt: boolean): RenderedChat =>
    readMarks(renderRaw(conversation, addGenerationPrompt, parts));
  const stopTokens = [tokens.eos_token ?? '', ...(settings.stopTokens ?? [])].filter((token) => token !== '');
  const stretches = stretcher([...settings.specialTokens, ...stopTokens], settings.greedyTokens);
  return {
    render,
    stretches,
    ...probeTemplate(render, stretches, stopTokens),
    bosToken: tokens.bos_token,
    eosToken: tokens.eos_token,
    tellsDate: /\bstrftime_now\b/.test(source + (toolSource ?? '')),
  };
}

/** Line ends of Windows are read as any other, which the package leaves to the text. */
function compile(source: string): Template {
  if (source.length > LONGEST_TEMPLATE) throw new Error(`it has more than ${LONGEST_TEMPLATE} characters`);
  return loopLikePython(new Template(markGenerations(source.replaceAll(/\r\n?/g, '\n'))));
}

/** Runs a template in an environment of ours: the package's own tells the date of today, in the machine's language. */
function run(
  template: Template,
  values: Readonly<Record<string, unknown>>,
  { date, budget }: { date: Date; budget: TemplateBudget },
): string {
  const environment = new Environment();
  const globals: Record<string, unknown> = {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    range: (first: number, last?: number, step = 1) =>
      range(budget, last === undefined ? 0 : first, last ?? first, step),
    raise_exception: (message: string) => {
      throw new Error(message);
    },
    strftime_now: (format: string) => strftime(date, format),
    ...values,
  };
  for (const [name, value] of Object.entries(globals)) environment.set(name, value);
  declareItems(environment, budget);
  return runWithin(budget, template, environment);
}

function range(budget: TemplateBudget, first: number, last: number, step: number): number[] {
  const length = Math.max(0, Math.ceil((last - first) / step));
  budget.spendTurns(length);
  return Array.from({ length }, (_, i) => first + i * step);
}

/** The package drops `{% generation %}`; here the tags write marks, with a block's usual rules for white space. */
function markGenerations(source: string): string {
  return source.replace(
    /(^[ \t]*)?\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}(\n?)/gm,
    (_, indent: string | undefined, left: string, end: string | undefined, right: string, newline: string) => {
      const before = left === '-' ? '{{-' : `${left === '+' ? (indent ?? '') : ''}{{`;
      const after = right === '-' ? '-}}' : `}}${right === '+' ? newline : ''}`;
      return `${before} "${end ? CLOSE : OPEN}" ${after}`;
    },
  );
}

function readMarks(marked: string): RenderedChat {
  if (!marked.includes(OPEN)) return { text: marked, generated: undefined };
  const generated: [number, number][] = [];
  let text = '';
  let from = 0;
  for (const part of marked.split(new RegExp(`([${OPEN}${CLOSE}])`))) {
    if (part === OPEN) from = text.length;
    else if (part === CLOSE) generated.push([from, text.length]);
    else text += part;
  }
  return { text, generated };
}

/** Whether the template reads contents as lists of parts only, as some for images do. */
function wantsParts(render: (conversation: Conversation, inParts: boolean) => string): boolean {
  const asked = { messages: [{ role: 'user', content: PROBE }] };
  const writes = (inParts: boolean) => textOrNothing(() => render(asked, inParts)).includes(PROBE);
  return !writes(false) && writes(true);
}
