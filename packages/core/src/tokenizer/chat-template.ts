import { compileTemplate } from '../jinja/index.ts';
import { THOUGHT_FIELDS } from '../recipe/thought-fields.ts';
import { PROBE, probeTemplate, type TemplateWays, textOrNothing } from './probe-template.ts';
import { type Stretch, stretcher } from './stretches.ts';

/** A message as a chat template sees it: role, content, and whatever else it says (`tool_calls`, `name`). */
export interface ChatMessage {
  readonly role: string;
  /** Null where the message says nothing but what its other fields say; templates are not told it then, as in transformers. */
  readonly content: string | null;
  readonly [field: string]: unknown;
}

export interface Conversation {
  readonly messages: readonly ChatMessage[];
  /** Functions that the model may call, as JSON schemas. */
  readonly tools?: readonly unknown[] | undefined;
}

/** How a model wants to be talked to. */
export interface ChatTemplate extends TemplateWays {
  /**
   * @param addGenerationPrompt whether to end with what precedes the assistant's answer
   * @throws {Error} with the template's own words where it refuses the conversation
   */
  render(conversation: Conversation, addGenerationPrompt: boolean): string;
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
  /** Literals of other tokens that were added to the vocabulary: where no special one ends an answer, one of these may. */
  readonly otherTokens?: readonly string[] | undefined;
  /** Literals of the tokens at which the model stops by its own settings, beside `eos_token`. */
  readonly stopTokens?: readonly string[] | undefined;
  /** Those of them that take the white space after them along, so that it is never a token. */
  readonly greedyTokens?: readonly string[] | undefined;
  /** What `strftime_now` tells. */
  readonly date: Date;
}

/**
 * Compiles a Jinja chat template, with the settings and globals that transformers gives it (blocks trimmed,
 * `raise_exception`, `strftime_now`).
 * @throws {Error} where the template is not Jinja
 */
export function compileChatTemplate(settings: ChatTemplateSettings): ChatTemplate {
  const { source, toolSource, tokens, date } = settings;
  const plain = compileTemplate(source);
  const withTools = toolSource === undefined ? plain : compileTemplate(toolSource);
  const renderIn = ({ messages, tools }: Conversation, addGenerationPrompt: boolean, inParts: boolean): string => {
    const values = {
      ...tokens,
      messages: messages.map((message) => told(message, inParts)),
      // As transformers has it, where they are always defined.
      tools: tools ?? null,
      documents: null,
      add_generation_prompt: addGenerationPrompt,
    };
    const characters = messages.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
    return (tools ? withTools : plain).render(values, { date, characters });
  };
  const parts = wantsParts((conversation, inParts) => renderIn(conversation, false, inParts));
  const render = (conversation: Conversation, addGenerationPrompt: boolean): string =>
    renderIn(conversation, addGenerationPrompt, parts);
  const stopTokens = [tokens.eos_token ?? '', ...(settings.stopTokens ?? [])].filter((token) => token !== '');
  const special = [...settings.specialTokens, ...stopTokens];
  const waysWith = (others: readonly string[]) => {
    const stretches = stretcher([...special, ...others], settings.greedyTokens);
    return { stretches, ...probeTemplate(render, stretches, stopTokens) };
  };
  const { otherTokens = [] } = settings;
  let ways = waysWith([]);
  if (ways.endOfTurn === undefined && otherTokens.some((token) => ways.endWords.includes(token))) {
    const { endOfTurn } = waysWith(otherTokens);
    if (endOfTurn !== undefined) ways = waysWith([endOfTurn]);
  }
  return {
    render,
    ...ways,
    bosToken: tokens.bos_token,
    eosToken: tokens.eos_token,
    tellsDate: /\bstrftime_now\b/.test(source + (toolSource ?? '')),
  };
}

/** A message as transformers hands it to templates: without what is null, its thoughts by the names that templates know. */
function told(message: ChatMessage, inParts: boolean): Record<string, unknown> {
  const fields = Object.entries(message).filter(([, value]) => value !== null && value !== undefined);
  const said: Record<string, unknown> = Object.fromEntries(fields);
  if (inParts && typeof said.content === 'string') said.content = [{ type: 'text', text: said.content }];
  const thoughts = THOUGHT_FIELDS.map((name) => said[name]).find((value) => value !== undefined);
  return thoughts === undefined ? said : { thinking: thoughts, ...said, reasoning_content: thoughts };
}

/** Whether the template reads contents as lists of parts only, as some for images do. */
function wantsParts(render: (conversation: Conversation, inParts: boolean) => string): boolean {
  const asked = { messages: [{ role: 'user', content: PROBE }] };
  const writes = (inParts: boolean) => textOrNothing(() => render(asked, inParts)).includes(PROBE);
  return !writes(false) && writes(true);
}
