import type { RenderedExample, Role } from '../../recipe/recipe.ts';
import { THOUGHT_FIELDS } from '../../recipe/thought-fields.ts';
import type { ChatMessage, ChatTemplate } from '../../tokenizer/chat-template.ts';

/** What a conversation is asked with: nine letters and digits, as some templates want the ids of calls to be. */
const PROBE = 'x7probe42';
const OTHER = 'x7other42';

const call = (fields: Readonly<Record<string, unknown>> = {}) => [
  { type: 'function', function: { name: 'f', arguments: {} }, ...fields },
];

/** Short conversations with a message of each role; the one that is asked about comes with its more fields. */
const conversations: Readonly<Record<Role, (more: Readonly<Record<string, unknown>>) => readonly ChatMessage[]>> = {
  system: (more) => [
    { ...more, role: 'system', content: 'a' },
    { role: 'user', content: 'b' },
  ],
  user: (more) => [{ ...more, role: 'user', content: 'a' }],
  assistant: (more) => [
    { role: 'user', content: 'a' },
    { ...more, role: 'assistant', content: 'b' },
  ],
  tool: (more) => [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: '', tool_calls: call({ id: OTHER }) },
    { tool_call_id: OTHER, ...more, role: 'tool', content: 'b' },
  ],
};

/**
 * What messages say beside their text that a template does not write: by asking it once for each field, in a short
 * conversation with and without. Thoughts that a template writes of the last answer only count as written.
 * @returns paths as a row has them: `messages[].name`
 */
export function unwrittenFields(template: ChatTemplate | undefined): (row: RenderedExample) => Set<string> {
  const known = new Map<string, boolean>();
  const isWritten = (what: string, ask: (template: ChatTemplate) => boolean): boolean => {
    const written = known.get(what) ?? (template !== undefined && ask(template));
    known.set(what, written);
    return written;
  };
  return ({ prompt, completion, tools }) => {
    const unwritten = new Set<string>();
    if (tools && !isWritten('tools', writesTools)) unwritten.add('tools');
    for (const { role, message = {} } of [...prompt, ...completion]) {
      for (const [field, value] of Object.entries(message)) {
        if (field === 'content' || field === 'tool_calls') continue;
        // Under whatever name: the template is told them under its own.
        const isThought = THOUGHT_FIELDS.some((name) => name === field);
        const ask = (asked: ChatTemplate) =>
          isThought ? asked.thoughtField !== undefined : writes(asked, role, field, value);
        if (!isWritten(`${role} ${field}`, ask)) unwritten.add(`messages[].${field}`);
      }
      for (const field of fieldsOfCalls(message.tool_calls)) {
        const ask = (asked: ChatTemplate) => writesOfCall(asked, field);
        if (!isWritten(`call ${field}`, ask)) unwritten.add(`messages[].tool_calls[].${field}`);
      }
    }
    return unwritten;
  };
}

function writesTools(template: ChatTemplate): boolean {
  const [one, other] = [PROBE, OTHER].map((name) => {
    const tool = {
      type: 'function',
      function: { name, description: name, parameters: { type: 'object', properties: {} } },
    };
    return attempt(template, [{ role: 'user', content: 'a' }], [tool]);
  });
  return differ(one, other);
}

/** A text is asked about with another one, so that it is seen wherever it is written; anything else by what it is. */
function writes(template: ChatTemplate, role: Role, field: string, value: unknown): boolean {
  const textWith = (more: Readonly<Record<string, unknown>>) => attempt(template, conversations[role](more));
  const [one, other] = typeof value === 'string' ? [PROBE, OTHER] : [value, undefined];
  return differ(textWith({ [field]: one }), textWith(other === undefined ? {} : { [field]: other }));
}

function writesOfCall(template: ChatTemplate, field: string): boolean {
  const textWith = (value: string) =>
    attempt(template, [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: '', tool_calls: call({ id: OTHER, [field]: value }) },
      { role: 'tool', content: 'b', tool_call_id: field === 'id' ? value : OTHER },
    ]);
  return differ(textWith(PROBE), textWith(OTHER));
}

/** A template that refuses the conversation has not said that it writes nothing of it. */
const differ = (one: string | undefined, other: string | undefined): boolean => one === undefined || one !== other;

function attempt(
  template: ChatTemplate,
  messages: readonly ChatMessage[],
  tools?: readonly unknown[],
): string | undefined {
  try {
    return template.render({ messages, tools }, false);
  } catch {
    return undefined;
  }
}

/** What calls say beside what is called and with what. */
const fieldsOfCalls = (calls: unknown): string[] =>
  Array.isArray(calls)
    ? calls.flatMap((one: object) => Object.keys(one).filter((name) => name !== 'type' && name !== 'function'))
    : [];
