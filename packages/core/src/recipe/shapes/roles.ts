import type { Role } from '../recipe.ts';

/** Who speaks; `call` is the assistant who calls functions, as JSON text, and says nothing. */
type Speaker = Role | 'call';

/** Everything that data sets call those who speak, in small letters. */
const names: Readonly<Record<Speaker, readonly string[]>> = {
  system: ['system', 'developer'],
  user: ['user', 'human', 'prompter'],
  assistant: ['assistant', 'gpt', 'chatgpt', 'bing', 'bard', 'model', 'bot', 'chatbot', 'ai'],
  tool: ['tool', 'function', 'observation', 'function_response', 'tool_response', 'ipython'],
  call: ['function_call', 'tool_call', 'tool_calls'],
};

const speakers = new Map(
  (Object.keys(names) as Speaker[]).flatMap((speaker) => names[speaker].map((name) => [name, speaker] as const)),
);

/** Who is meant by a name; undefined for a name that nobody has. */
export const speakerOf = (name: unknown): Speaker | undefined =>
  typeof name === 'string' ? speakers.get(name.trim().toLowerCase()) : undefined;

/** All names, for messages. */
export const roleNames: readonly string[] = [...speakers.keys()];
