import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../errors.ts';
import type { Segment } from '../../recipe/recipe.ts';
import type { ChatTemplate } from '../../tokenizer/chat-template.ts';
import { realTemplates } from '../../tokenizer/test-support/chat-templates.ts';
import type { WrittenExample } from '../plain/write-plain.ts';
import { messagesOf } from './messages.ts';
import { writeChat } from './write-chat.ts';

/**
 * What has weight is what generation would write: of every learnt answer the text from the end of what
 * `add_generation_prompt` gives for its turn to the first token at which generation stops, that token included. Told
 * apart from the code that makes it: here the text as a whole is walked through, token by token, as generation would.
 */

/** From and to, in characters of the text as a whole. */
type Stretch = readonly [from: number, to: number];

/** The text of an example, and the stretches of it that are the assistant's and have weight. */
function learntOf({ prompt, completion }: WrittenExample, { bosToken = '' }: ChatTemplate) {
  let text = '';
  const learnt: [number, number][] = [];
  for (const { text: own, role, weight } of [...prompt, ...completion]) {
    const from = text.length;
    text += own ?? (role === 'bos' ? bosToken : END);
    if (role !== 'assistant' || weight === 0) continue;
    const last = learnt.at(-1);
    if (last?.[1] === from) last[1] = text.length;
    else learnt.push([from, text.length]);
  }
  return { text, learnt: learnt.filter(([from, to]) => to > from) };
}

/** The tokenizer's own end-of-sequence token, where the template writes none. */
const END = '\uFDD5';

/**
 * What generation would write in place of the answer, and at which token it would stop: one of `stops`, or what ends a
 * turn that others follow. Where no such token stands before the next message, the answer goes as far as the template
 * writes of it when it is the last, or to the end of its content where the text does not go on so.
 */
function generated(segments: readonly Segment[], place: number, text: string, template: ChatTemplate): Stretch {
  const messages = messagesOf(segments, template).map(({ message }) => message);
  const from = template.render({ messages: messages.slice(0, place) }, true).length;
  const next = messages.slice(place + 1).find(({ content }) => content !== null && content.trim() !== '');
  const until = next ? text.indexOf(next.content?.trim() ?? '', from) : text.length;
  const ends = [...template.stops, ...(place + 1 < messages.length ? template.earlierEnds : []), END];
  const found = ends.map((end) => [text.indexOf(end, from), end.length] as const).filter(([at]) => at >= 0);
  const [at, length] = found.sort((a, b) => a[0] - b[0])[0] ?? [Number.POSITIVE_INFINITY, 0];
  if (at + length <= until) return [from, at + length];
  const alone = template.render({ messages: messages.slice(0, place + 1) }, false).slice(from);
  const stop = Math.min(...template.stops.map((token) => alone.indexOf(token)).filter((place) => place >= 0));
  const own = alone.slice(0, Number.isFinite(stop) ? stop : undefined);
  if (text.startsWith(own, from)) return [from, from + own.length];
  const words = messages[place]?.content?.trim() ?? '';
  return [from, text.indexOf(words, from) + words.length];
}

/** Each text stands once in a conversation, so that it can be told where it stands. */
const words = fc.tuple(
  fc.constantFrom('', ' ', '\n', '    ', '\n\n  '),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[<>|[\]#{}｜`\\]/.test(text)),
  fc.constantFrom('', ' ', '\n', ' \n'),
);
const conversation = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.record({ question: words, answer: words, isLearnt: fc.boolean() }), { minLength: 1, maxLength: 4 }),
  )
  .map(([hasSystem, turns]): Segment[] => [
    ...(hasSystem ? [{ role: 'system' as const, text: 'Q-system' }] : []),
    ...turns.flatMap(({ question, answer, isLearnt }, i): Segment[] => [
      { role: 'user', text: question.join(`q${i}q`) },
      { role: 'assistant', text: answer.join(`z${i}z`), weight: isLearnt || i === turns.length - 1 ? 1 : 0 },
    ]),
  ]);

const call = {
  id: 'abcdefghi',
  type: 'function',
  function: { name: 'find', description: 'x', arguments: { city: 'Rome' } },
};

/** Templates that want functions, and those that write an answer without thoughts elsewhere than where they ask for it. */
const wantsFunctions = /refuses message 1 \(user\)/;
const asksForThoughts = /does not write message 2[\s\S]*Give the thoughts before the answer as "reasoning_content"/;
const withoutAnswers: Readonly<Record<string, RegExp>> = {
  'codellama/CodeLlama-70b-Instruct-hf': /it asks with .*Destination: user/,
  'fireworks-ai/firefunction-v1': wantsFunctions,
  'CohereForAI/c4ai-command-r-v01': wantsFunctions,
  'NousResearch/Hermes-2-Pro-Llama-3-8B (JSON Schema)': wantsFunctions,
  'llama.cpp/CohereForAI-c4ai-command-r-plus-tool_use': wantsFunctions,
  'llama.cpp/NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use': wantsFunctions,
  'llama.cpp/NousResearch-Hermes-3-Llama-3.1-8B-tool_use': wantsFunctions,
  'llama.cpp/fireworks-ai-llama-3-firefunction-v2': wantsFunctions,
  'llama.cpp/deepseek-ai-DeepSeek-R1-Distill-Llama-8B': asksForThoughts,
  'llama.cpp/deepseek-ai-DeepSeek-R1-Distill-Qwen-32B': asksForThoughts,
  'llama.cpp/llama-cpp-deepseek-r1': asksForThoughts,
  'trl/deepseekv3': asksForThoughts,
  'trl/nemotron_3_nano': asksForThoughts,
};

describe.each([...realTemplates])('%s', (name, template) => {
  const write = (segments: readonly Segment[]) =>
    writeChat({ prompt: segments.slice(0, -1), completion: segments.slice(-1) }, { template, where: 'row' });

  it('learns what generation would write, and nothing else', () => {
    fc.assert(
      fc.property(conversation, (segments) => {
        let example: WrittenExample;
        try {
          example = write(segments);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(`${error.message}`).toMatch(/message \d+ \((system|user|assistant)\)/);
          return;
        }
        const { text, learnt } = learntOf(example, template);
        const expected = messagesOf(segments, template).flatMap(({ segments: own }, place) =>
          own[0]?.role === 'assistant' && own[0].weight === 1 ? [generated(segments, place, text, template)] : [],
        );
        const shown = (spans: readonly Stretch[]) => spans.map(([from, to]) => [from, text.slice(from, to)]);
        expect(shown(learnt)).toEqual(shown(expected));
        const messages = messagesOf(segments, template).map(({ message }) => message);
        expect(text.replace(END, '')).toBe(template.render({ messages }, false));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it.each([[null], ['I look.']])(
    'learns calls from where it is asked for them to where it stops (content %j)',
    (content) => {
      const prompt: Segment[] = [
        { role: 'user', text: 'a' },
        { role: 'assistant', text: content ?? '', message: { content, tool_calls: [call] } },
        { role: 'tool', text: '22', message: { tool_call_id: call.id } },
      ];
      const example = { prompt, completion: [{ role: 'assistant' as const, text: 'one' }], tools: [call] };
      let written: WrittenExample;
      try {
        written = writeChat(example, { template, where: 'row' });
      } catch (error) {
        expect(`${error}`).toMatch(/message \d+ \((user|assistant|tool)\)|the row's tools/);
        return;
      }
      const { text, learnt } = learntOf(written, template);
      const messages = messagesOf([...prompt, ...example.completion], template).map(({ message }) => message);
      expect(text.replace(END, '')).toBe(template.render({ messages, tools: [call] }, false));
      const asked = [1, 3].map((place) => template.render({ messages: messages.slice(0, place), tools: [call] }, true));
      expect(learnt.map(([from]) => from)).toEqual(asked.map(({ length }) => length));
      // Where no stop is known, only the last answer has an end: the tokenizer's own.
      for (const [from, to] of template.stops.length > 0 ? learnt : learnt.slice(-1)) {
        const own = text.slice(from, to);
        const ends = [...template.stops, ...template.earlierEnds, END].map((end) => own.indexOf(end) + end.length);
        expect(ends).toContain(own.length);
      }
    },
  );

  it('has an answer to learn, or says why not', () => {
    const segments: Segment[] = [
      { role: 'user', text: 'a' },
      { role: 'assistant', text: 'one' },
    ];
    if (withoutAnswers[name]) expect(() => write(segments)).toThrow(withoutAnswers[name]);
    else expect(learntOf(write(segments), template).learnt).toHaveLength(1);
  });
});
