import type { Segment } from '../../../recipe/recipe.ts';
import { type ChatTemplate, compileChatTemplate } from '../../../tokenizer/chat-template.ts';
import { writeChat } from '../write-chat.ts';

export const compile = (
  source: string,
  specialTokens: readonly string[],
  tokens: Record<string, string> = {},
): ChatTemplate =>
  compileChatTemplate({
    source,
    tokens,
    specialTokens: [...Object.values(tokens), ...specialTokens],
    date: new Date(),
  });

export const user = (text: string): Segment => ({ role: 'user', text });
export const assistant = (text: string, message?: Record<string, unknown>): Segment => ({
  role: 'assistant',
  text,
  ...(message && { message }),
});
export const twoTurns = { prompt: [user('a'), assistant('one'), user('b')], completion: [assistant('two')] };

/** What has weight: each stretch of it, `[end]` for a token of the tokenizer’s own. */
export function learnt(
  template: ChatTemplate,
  example: { prompt: Segment[]; completion: Segment[] } = twoTurns,
): string[] {
  const { prompt, completion } = writeChat(example, { template, where: 'row' });
  const runs: string[] = [];
  let before = false;
  for (const { role, weight, text = '[end]' } of [...prompt, ...completion]) {
    const own = role === 'assistant' && weight > 0;
    if (own && before) runs.push(runs.pop() + text);
    else if (own) runs.push(text);
    before = own;
  }
  return runs;
}
