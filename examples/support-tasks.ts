/**
 * What each task asks a model, and what it is to answer:
 *
 *     node examples/support-tasks.ts
 */
import { fileURLToPath } from 'node:url';
import type { Recipe } from '@counterweight/core/recipe';
import { support } from '@counterweight/recipe-support';

const dialogue = [
  { speaker: 'customer', text: 'Hi, I got the wrong size. My e-mail is jane@example.com, the order is 3348917502.' },
  { speaker: 'agent', text: 'Sorry about that. You can send it back within 90 days.' },
];
const message = 'I got the wrong size, can I send it back?';

export function everyTask(): Record<string, string> {
  return {
    'name-the-problem': asked(support(), { message, problem: 'wrong size' }),
    'one-sentence-summary': asked(support({ task: 'one-sentence-summary' }), {
      dialogue,
      summary: 'The customer got the wrong size and may send it back within 90 days.',
    }),
    summary: asked(support({ task: 'summary', maxWords: 15, style: 'bullet-points' }), {
      dialogue,
      summary: '- wrong size\n- may be sent back within 90 days',
    }),
    'next-action': asked(support({ task: 'next-action' }), { dialogue, action: 'send_return_label' }),
    intent: asked(support({ task: 'intent', labels: ['return an item', 'track an order'], labelsInPrompt: true }), {
      message,
      intent: 'return an item',
    }),
  };
}

/** The text that a model without a chat template sees, and its answer on the last lines. */
function asked<Row>({ parseRow, render, layout }: Recipe<Row>, input: unknown): string {
  const { prompt, completion } = render(parseRow(input));
  return [
    layout.user.before,
    ...prompt.map(({ text }) => text),
    layout.user.after,
    ...completion.map(({ text }) => text),
  ].join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [task, text] of Object.entries(everyTask())) console.log(`── ${task}\n${text}\n`);
}
