import type { Phrasings, PlainLayout, RenderedExample, Segment } from '@counterweight/core/recipe';
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
    case 'write-a-function': {
      const start = row.start === undefined ? '' : ` Begin with:\n${row.start}`;
      return [
        ...description(row.description, row.start, row.tests),
        say(`Write it in ${language}.${start}`, {
          code: `Give the code in ${language}.${start}`,
          solve: `Solve this in ${language}.${start}`,
          heldOut: `The language is ${language}; write nothing but code.${start}`,
        }),
      ];
    }
    case 'fix-a-bug':
      return [
        ...description(row.description, row.code, row.tests),
        say(`This ${language} has a bug:\n`, {
          wrong: `This ${language} is wrong:\n`,
          find: `There is a bug in this ${language}:\n`,
          heldOut: `Something does not work in this ${language}:\n`,
        }),
        toReplace(row.code),
        ...(row.error === undefined ? [] : [say(`\nIt fails: ${row.error}`)]),
        say('\nWrite it without the bug.', {
          wrong: '\nWrite it as it should be.',
          find: '\nFix the bug and give the whole code.',
          heldOut: '\nGive all of the code, corrected.',
        }),
      ];
    case 'suggest-an-improvement':
      return [
        ...description(row.description, row.code, row.tests),
        say(`This ${language} works and can be better:\n`, {
          improve: `This ${language} works. Improve it:\n`,
          right: `This ${language} is right, but not as good as it could be:\n`,
          heldOut: `Here is ${language} that does its work, though not in the best way:\n`,
        }),
        toReplace(row.code),
        say(`\n${row.goal}`),
      ];
    case 'write-tests':
      return [
        ...description(row.description, row.code),
        say(`This is right:\n${row.code}\n`),
        say(`Write tests for it in ${language}. ${assertions[row.language]}.`, {
          test: `Test it, in ${language}. ${assertions[row.language]}.`,
          need: `It needs tests, in ${language}. ${assertions[row.language]}.`,
          heldOut: `Show with tests in ${language} that it works. ${assertions[row.language]}.`,
        }),
      ];
  }
}

/**
 * A long description may lose its end. Code is never cut: half of it says something else. Of a description only a slip in
 * a word is free, and no name that the row's code has: `Map` and `map` are two things, and so are `sum` and `smu`.
 */
function description(text: string | undefined, ...code: readonly (string | undefined)[]): Segment[] {
  if (text === undefined) return [];
  const named = [...text.matchAll(/\b(?:named?|called)\s+(\S+)/giu)].map(([, name = '']) => name);
  const keep = [...Object.keys(nameOf), ...code, ...named].flatMap(
    (one) => one?.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [],
  );
  return [{ role: 'user', text, shorten: 'end', freedom: { typing: true, keep: [...new Set(keep)] } }, say('\n')];
}

/** Code that the answer is to do better than is never learnt from, whatever the weight of the prompt. */
function toReplace(code: string): Segment {
  return { role: 'user', text: code, weight: 0 };
}

function say(text: string, phrasings?: Phrasings): Segment {
  return { role: 'user', text, ...(phrasings && { phrasings }) };
}
