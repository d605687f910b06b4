import { describe, expect, it } from 'vitest';
import { modelfile } from '../../packages/core/src/gguf/modelfile.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { modelTemplates } from '../../packages/core/src/tokenizer/test-support/chat-templates.ts';
import { runGo } from './tools.ts';

/** Ollama's templates are Go's: what ours say, rendered by Go itself, is what the models' own templates write. */
const path = temporaryFolder();

const asked = [
  { role: 'user', content: 'How {{ much }}?' },
  { role: 'assistant', content: 'So.' },
  { role: 'user', content: 'Why?' },
];

interface Conversation {
  readonly name: string;
  readonly template: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly expected: string;
}

/** Of every real template that a Modelfile can say: with a system message where it takes one, and without. */
function conversations(): Conversation[] {
  return Object.entries(modelTemplates).flatMap(([name, chat]) => {
    const text = modelfile({ from: './m.gguf', chat, addsBos: false, stops: [], contextLength: 4096 });
    const template = /^TEMPLATE """([\s\S]*?)"""$/m.exec(text)?.[1];
    if (template === undefined) return [];
    const system = /^SYSTEM """([\s\S]*?)"""$/m.exec(text)?.[1];
    // Ollama puts the Modelfile's system message before a conversation that has none.
    const own = system === undefined ? [] : [{ role: 'system', content: system }];
    const plain = { name, template, messages: [...own, ...asked], expected: chat.render({ messages: asked }, true) };
    if (!chat.takesSystem) return [plain];
    const messages = [{ role: 'system', content: 'Be brief.' }, ...asked];
    return [plain, { name, template, messages, expected: chat.render({ messages }, true) }];
  });
}

describe('the template of a Modelfile', () => {
  it('writes in Go what the chat template of the model writes here', async () => {
    const all = conversations();
    const texts = await runGo<string[]>('render.go', all, path('jobs.json'));
    expect(texts).toHaveLength(all.length);
    for (const [i, { name, expected }] of all.entries()) expect(texts[i], name).toBe(expected);
    expect(new Set(all.map(({ name }) => name)).size).toBeGreaterThan(2);
  });
});
