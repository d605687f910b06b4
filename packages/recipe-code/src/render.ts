import type { PlainLayout, RenderedExample, Segment } from '@counterweight/core/recipe';
import { type Language, nameOf } from './language.ts';
import { answerOf, type CodeRow } from './row.ts';

/** Blank lines between turns: code has line breaks of its own, and a base model needs to see where it ends. */
export const layout: PlainLayout = {
  system: { before: '', after: '\n\n' },
  user: { before: '', after: '\n\n' },
  assistant: { before: '', after: '\n' },
  tool: { before: '', after: '\n\n' },
};

const assertions: Readonly<Record<Language, string>> = {
  typescript: 'Use node:assert',
  javascript: 'Use node:assert',
  python: 'Use assert statements',
};

/** Prompts end with what to do, so that it stands next to the answer. Answers are bare code, without a fence around. */
export function render(row: CodeRow): RenderedExample {
  const answer = answerOf(row);
  return {
    prompt: promptOf(row),
    completion: answer === undefined ? [] : [{ role: 'assistant', text: answer }],
  };
}

function promptOf(row: CodeRow): Segment[] {
  const language = nameOf[row.language];
  switch (row.task) {
    case 'write-a-function':
      return [
        ...description(row.description),
        say(
          row.start === undefined ? `Write it in ${language}.` : `Write it in ${language}. Begin with:\n${row.start}`,
        ),
      ];
    case 'fix-a-bug':
      return [
        ...description(row.description),
        say(`This ${language} has a bug:\n`),
        toReplace(row.code),
        ...(row.error === undefined ? [] : [say(`\nIt fails: ${row.error}`)]),
        say('\nWrite it without the bug.'),
      ];
    case 'suggest-an-improvement':
      return [
        ...description(row.description),
        say(`This ${language} works and can be better:\n`),
        toReplace(row.code),
        say(`\n${row.goal}`),
      ];
    case 'write-tests':
      return [
        ...description(row.description),
        say(`This is right:\n${row.code}\n`),
        say(`Write tests for it in ${language}. ${assertions[row.language]}.`),
      ];
  }
}

/** A long description may lose its end. Code is never cut: half of it says something else. */
function description(text: string | undefined): Segment[] {
  return text === undefined ? [] : [{ role: 'user', text, shorten: 'end' }, say('\n')];
}

/** Code that the answer is to do better than is never learnt from, whatever the weight of the prompt. */
function toReplace(code: string): Segment {
  return { role: 'user', text: code, weight: 0 };
}

function say(text: string): Segment {
  return { role: 'user', text };
}
